SELECT
  "t1"."stretch",
  COUNT(*) AS "customers",
  COALESCE(SUM("t1"."amount"), 0) AS "amount"
FROM (
  SELECT
    IF("t0"."amount" >= 100, 1, 0) + IF("t0"."amount" >= 200, 1, 0) + IF("t0"."amount" >= 500, 1, 0) + IF("t0"."amount" >= 1000, 1, 0) + IF("t0"."amount" >= 2000, 1, 0) + IF("t0"."amount" >= 5000, 1, 0) + IF("t0"."amount" >= 10000, 1, 0) + IF("t0"."amount" >= 20000, 1, 0) + IF("t0"."amount" >= 50000, 1, 0) + IF("t0"."amount" >= 100000, 1, 0) + IF("t0"."amount" >= 200000, 1, 0) + IF("t0"."amount" >= 500000, 1, 0) + IF("t0"."amount" >= 1000000, 1, 0) + IF("t0"."amount" >= 2000000, 1, 0) + IF("t0"."amount" >= 5000000, 1, 0) + IF("t0"."amount" >= 10000000, 1, 0) + IF("t0"."amount" >= 20000000, 1, 0) + IF("t0"."amount" >= 50000000, 1, 0) + IF("t0"."amount" >= 100000000, 1, 0) + IF("t0"."amount" >= 200000000, 1, 0) + IF("t0"."amount" >= 500000000, 1, 0) + IF("t0"."amount" >= 1000000000, 1, 0) + IF("t0"."amount" >= 2000000000, 1, 0) + IF("t0"."amount" >= 5000000000, 1, 0) + IF("t0"."amount" >= 10000000000, 1, 0) + IF("t0"."amount" >= 20000000000, 1, 0) + IF("t0"."amount" >= 50000000000, 1, 0) + IF("t0"."amount" >= 100000000000, 1, 0) + IF("t0"."amount" >= 200000000000, 1, 0) + IF("t0"."amount" >= 500000000000, 1, 0) + IF("t0"."amount" >= 1000000000000, 1, 0) + IF("t0"."amount" >= 2000000000000, 1, 0) + IF("t0"."amount" >= 5000000000000, 1, 0) + IF("t0"."amount" >= 10000000000000, 1, 0) + IF("t0"."amount" >= 20000000000000, 1, 0) + IF("t0"."amount" >= 50000000000000, 1, 0) AS "stretch",
    "t0"."amount"
  FROM "opportunities" AS "t0"
  WHERE
    "t0"."created" <= FROM_ISO8601_DATE('2024-12-31')
    AND IF(
      (
        "t0"."outcome" <> 'open'
      )
      AND COALESCE("t0"."closed" <= FROM_ISO8601_DATE('2024-12-31'), FALSE),
      "t0"."outcome",
      'open'
    ) = 'won'
    AND "t0"."amount" > 0
) AS "t1"
GROUP BY
  1
