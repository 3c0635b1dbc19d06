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
    IF("t7"."term" > 0, IF("t7"."ahead" = 0, 0, "t7"."term" - "t7"."ahead") + 660, -1) AS "due"
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
                  EXTRACT(year FROM "t0"."started") - 1970
                ) * 12
              ) + EXTRACT(month FROM "t0"."started")
            ) - 1
          )
        ) % NULLIF("t0"."term", 0) AS "ahead"
      FROM "subscriptions" AS "t0"
      WHERE
        "t0"."started" <= FROM_ISO8601_DATE('2024-12-31')
        AND "t0"."yearly" > 0
        AND IF("t0"."ended" <= FROM_ISO8601_DATE('2024-12-31'), "t0"."ended", CAST(NULL AS DATE)) IS NULL
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
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          0 + 1
                        ) >= 1,
                        0 + 1,
                        0 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 980284
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          1 + 1
                        ) >= 1,
                        1 + 1,
                        1 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 147007
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          2 + 1
                        ) >= 1,
                        2 + 1,
                        2 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 153609
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          3 + 1
                        ) >= 1,
                        3 + 1,
                        3 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 837797
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          4 + 1
                        ) >= 1,
                        4 + 1,
                        4 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 177664
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          5 + 1
                        ) >= 1,
                        5 + 1,
                        5 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 993219
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          6 + 1
                        ) >= 1,
                        6 + 1,
                        6 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 530520
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          7 + 1
                        ) >= 1,
                        7 + 1,
                        7 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 654096
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          8 + 1
                        ) >= 1,
                        8 + 1,
                        8 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 773297
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          9 + 1
                        ) >= 1,
                        9 + 1,
                        9 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 707506
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          10 + 1
                        ) >= 1,
                        10 + 1,
                        10 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 919673
            ) + (
              (
                (
                  STRPOS(
                    '0123456789abcdefghijklmnopqrstuvwxyz',
                    SUBSTR(
                      SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12),
                      IF(
                        (
                          11 + 1
                        ) >= 1,
                        11 + 1,
                        11 + 1 + LENGTH(SUBSTR(CONCAT('............', LOWER("t4"."customer")), -12))
                      ),
                      1
                    )
                  ) - 1
                ) + 1
              ) * 402204
            )
          ) % 1000003
        ) % 16 AS "part"
      FROM (
        SELECT
          "t1"."customer",
          COALESCE(SUM("t1"."yearly") FILTER(WHERE
            "t1"."place" = 0), 0) AS "of_0",
          COALESCE(SUM("t1"."yearly") FILTER(WHERE
            "t1"."place" = 1), 0) AS "of_1"
        FROM (
          SELECT
            LOWER("t0"."customer") AS "customer",
            CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
            "t0"."yearly"
          FROM "subscriptions" AS "t0"
          WHERE
            "t0"."started" <= FROM_ISO8601_DATE('2024-12-31') AND "t0"."yearly" > 0
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
