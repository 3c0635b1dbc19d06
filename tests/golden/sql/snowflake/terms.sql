SELECT
  "t8"."place",
  "t8"."part",
  "t8"."term",
  "t8"."billed",
  "t8"."due",
  COUNT(*) AS "subscriptions",
  COALESCE(SUM("t8"."yearly"), 0) AS "arr"
FROM (
  SELECT
    "t7"."customer",
    "t7"."term",
    "t7"."billed",
    "t7"."yearly",
    "t7"."ahead",
    "t7"."place",
    "t7"."part",
    IFF("t7"."term" > 0, IFF("t7"."ahead" = 0, 0, "t7"."term" - "t7"."ahead") + 660, -1) AS "due"
  FROM (
    SELECT
      "t3"."customer",
      "t3"."term",
      "t3"."billed",
      "t3"."yearly",
      "t3"."ahead",
      "t6"."place",
      "t6"."part"
    FROM (
      SELECT
        LOWER("t0"."customer") AS "customer",
        "t0"."term",
        "t0"."billed",
        "t0"."yearly",
        (
          660 - (
            (
              (
                (
                  DATE_PART(year, "t0"."started") - 1970
                ) * 12
              ) + DATE_PART(month, "t0"."started")
            ) - 1
          )
        ) % NULLIF("t0"."term", 0) AS "ahead"
      FROM "subscriptions" AS "t0"
      WHERE
        "t0"."started" <= DATE_FROM_PARTS(2024, 12, 31)
        AND "t0"."yearly" > 0
        AND IFF("t0"."ended" <= DATE_FROM_PARTS(2024, 12, 31), "t0"."ended", CAST(NULL AS DATE)) IS NULL
    ) AS "t3"
    INNER JOIN (
      SELECT
        "t4"."customer",
        CAST(CASE
          WHEN "t4"."of_0" = GREATEST("t4"."of_0", "t4"."of_1")
          THEN 0
          WHEN "t4"."of_1" = GREATEST("t4"."of_0", "t4"."of_1")
          THEN 1
          ELSE 0
        END AS BIGINT) AS "place",
        (
          (
            (
              (
                LENGTH("t4"."customer") % 64
              ) * 82451
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          0 + 1
                        ) >= 1,
                        0 + 1,
                        0 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 980284
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          1 + 1
                        ) >= 1,
                        1 + 1,
                        1 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 147007
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          2 + 1
                        ) >= 1,
                        2 + 1,
                        2 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 153609
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          3 + 1
                        ) >= 1,
                        3 + 1,
                        3 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 837797
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          4 + 1
                        ) >= 1,
                        4 + 1,
                        4 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 177664
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          5 + 1
                        ) >= 1,
                        5 + 1,
                        5 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 993219
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          6 + 1
                        ) >= 1,
                        6 + 1,
                        6 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 530520
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          7 + 1
                        ) >= 1,
                        7 + 1,
                        7 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 654096
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          8 + 1
                        ) >= 1,
                        8 + 1,
                        8 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 773297
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          9 + 1
                        ) >= 1,
                        9 + 1,
                        9 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 707506
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          10 + 1
                        ) >= 1,
                        10 + 1,
                        10 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 919673
            ) + (
              (
                (
                  POSITION(
                    SUBSTRING(
                      RIGHT(CONCAT('............', LOWER("t4"."customer")), 12),
                      IFF(
                        (
                          11 + 1
                        ) >= 1,
                        11 + 1,
                        11 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t4"."customer")), 12))
                      ),
                      1
                    ),
                    '0123456789abcdefghijklmnopqrstuvwxyz'
                  ) - 1
                ) + 1
              ) * 402204
            )
          ) % 1000003
        ) % 16 AS "part"
      FROM (
        SELECT
          "t1"."customer",
          COALESCE(SUM(IFF("t1"."place" = 0, "t1"."yearly", NULL)), 0) AS "of_0",
          COALESCE(SUM(IFF("t1"."place" = 1, "t1"."yearly", NULL)), 0) AS "of_1"
        FROM (
          SELECT
            LOWER("t0"."customer") AS "customer",
            CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
            "t0"."yearly"
          FROM "subscriptions" AS "t0"
          WHERE
            "t0"."started" <= DATE_FROM_PARTS(2024, 12, 31) AND "t0"."yearly" > 0
        ) AS "t1"
        GROUP BY
          1
      ) AS "t4"
    ) AS "t6"
      ON "t3"."customer" = "t6"."customer"
  ) AS "t7"
) AS "t8"
GROUP BY
  1,
  2,
  3,
  4,
  5
