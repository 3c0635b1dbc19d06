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
  "t13"."stretch",
  COUNT(*) AS "customers",
  COALESCE(SUM("t13"."amount"), 0) AS "amount"
FROM (
  SELECT
    IFF("t12"."largest" >= 100, 1, 0) + IFF("t12"."largest" >= 200, 1, 0) + IFF("t12"."largest" >= 500, 1, 0) + IFF("t12"."largest" >= 1000, 1, 0) + IFF("t12"."largest" >= 2000, 1, 0) + IFF("t12"."largest" >= 5000, 1, 0) + IFF("t12"."largest" >= 10000, 1, 0) + IFF("t12"."largest" >= 20000, 1, 0) + IFF("t12"."largest" >= 50000, 1, 0) + IFF("t12"."largest" >= 100000, 1, 0) + IFF("t12"."largest" >= 200000, 1, 0) + IFF("t12"."largest" >= 500000, 1, 0) + IFF("t12"."largest" >= 1000000, 1, 0) + IFF("t12"."largest" >= 2000000, 1, 0) + IFF("t12"."largest" >= 5000000, 1, 0) + IFF("t12"."largest" >= 10000000, 1, 0) + IFF("t12"."largest" >= 20000000, 1, 0) + IFF("t12"."largest" >= 50000000, 1, 0) + IFF("t12"."largest" >= 100000000, 1, 0) + IFF("t12"."largest" >= 200000000, 1, 0) + IFF("t12"."largest" >= 500000000, 1, 0) + IFF("t12"."largest" >= 1000000000, 1, 0) + IFF("t12"."largest" >= 2000000000, 1, 0) + IFF("t12"."largest" >= 5000000000, 1, 0) + IFF("t12"."largest" >= 10000000000, 1, 0) + IFF("t12"."largest" >= 20000000000, 1, 0) + IFF("t12"."largest" >= 50000000000, 1, 0) + IFF("t12"."largest" >= 100000000000, 1, 0) + IFF("t12"."largest" >= 200000000000, 1, 0) + IFF("t12"."largest" >= 500000000000, 1, 0) + IFF("t12"."largest" >= 1000000000000, 1, 0) + IFF("t12"."largest" >= 2000000000000, 1, 0) + IFF("t12"."largest" >= 5000000000000, 1, 0) + IFF("t12"."largest" >= 10000000000000, 1, 0) + IFF("t12"."largest" >= 20000000000000, 1, 0) + IFF("t12"."largest" >= 50000000000000, 1, 0) AS "stretch",
    "t12"."largest" AS "amount"
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
) AS "t13"
GROUP BY
  1
