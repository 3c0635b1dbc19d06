WITH "t1" AS (
  SELECT
    LOWER("t0"."customer") AS "customer",
    (
      (
        (
          DATE_PART(year, "t0"."started") - 1970
        ) * 12
      ) + DATE_PART(month, "t0"."started")
    ) - 1 AS "begin",
    (
      (
        (
          DATE_PART(
            year,
            IFF("t0"."ended" <= DATE_FROM_PARTS(2024, 12, 31), "t0"."ended", CAST(NULL AS DATE))
          ) - 1970
        ) * 12
      ) + DATE_PART(
        month,
        IFF("t0"."ended" <= DATE_FROM_PARTS(2024, 12, 31), "t0"."ended", CAST(NULL AS DATE))
      )
    ) - 1 AS "end",
    "t0"."yearly"
  FROM "subscriptions" AS "t0"
  WHERE
    "t0"."started" <= DATE_FROM_PARTS(2024, 12, 31) AND "t0"."yearly" <> 0
)
SELECT
  "t12"."customer",
  CAST(IFF("t12"."largest" >= 100000, 1, 0) AS BIGINT) AS "place",
  (
    (
      (
        (
          LENGTH("t12"."customer") % 64
        ) * 82451
      ) + (
        (
          (
            POSITION(
              SUBSTRING(
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    0 + 1
                  ) >= 1,
                  0 + 1,
                  0 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    1 + 1
                  ) >= 1,
                  1 + 1,
                  1 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    2 + 1
                  ) >= 1,
                  2 + 1,
                  2 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    3 + 1
                  ) >= 1,
                  3 + 1,
                  3 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    4 + 1
                  ) >= 1,
                  4 + 1,
                  4 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    5 + 1
                  ) >= 1,
                  5 + 1,
                  5 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    6 + 1
                  ) >= 1,
                  6 + 1,
                  6 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    7 + 1
                  ) >= 1,
                  7 + 1,
                  7 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    8 + 1
                  ) >= 1,
                  8 + 1,
                  8 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    9 + 1
                  ) >= 1,
                  9 + 1,
                  9 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    10 + 1
                  ) >= 1,
                  10 + 1,
                  10 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
                RIGHT(CONCAT('............', LOWER("t12"."customer")), 12),
                IFF(
                  (
                    11 + 1
                  ) >= 1,
                  11 + 1,
                  11 + 1 + LENGTH(RIGHT(CONCAT('............', LOWER("t12"."customer")), 12))
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
    "t11"."customer",
    MAX("t11"."after") AS "largest"
  FROM (
    SELECT
      "t10"."customer",
      "t10"."month",
      "t10"."change",
      "t10"."after",
      MIN("t10"."month") OVER (
        PARTITION BY "t10"."customer"
        ORDER BY "t10"."month" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS "sold"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t8"."customer",
          "t8"."month",
          GREATEST("t8"."sum", 0) - GREATEST("t8"."sum" - "t8"."change", 0) AS "change",
          GREATEST("t8"."sum", 0) AS "after"
        FROM (
          SELECT
            "t7"."customer",
            "t7"."month",
            "t7"."change",
            SUM("t7"."change") OVER (
              PARTITION BY "t7"."customer"
              ORDER BY "t7"."month" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS "sum"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                "t5"."customer",
                "t5"."month",
                COALESCE(SUM("t5"."change"), 0) AS "change"
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    "t2"."customer",
                    "t2"."begin" AS "month",
                    "t2"."yearly" AS "change"
                  FROM "t1" AS "t2"
                  WHERE
                    (
                      "t2"."end" IS NULL
                    ) OR (
                      "t2"."end" > "t2"."begin"
                    )
                ) AS "t3"
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    "t2"."customer",
                    "t2"."end" AS "month",
                    -(
                      "t2"."yearly"
                    ) AS "change"
                  FROM "t1" AS "t2"
                  WHERE
                    (
                      (
                        "t2"."end" IS NULL
                      ) OR (
                        "t2"."end" > "t2"."begin"
                      )
                    )
                    AND "t2"."end" IS NOT NULL
                ) AS "t4"
              ) AS "t5"
              GROUP BY
                1,
                2
            ) AS "t6"
            WHERE
              "t6"."change" <> 0
          ) AS "t7"
        ) AS "t8"
      ) AS "t9"
      WHERE
        "t9"."change" <> 0
    ) AS "t10"
  ) AS "t11"
  GROUP BY
    1
) AS "t12"
