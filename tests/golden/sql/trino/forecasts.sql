SELECT
  "t1"."quarter",
  "t1"."place",
  COALESCE(SUM("t1"."amount"), 0) AS "forecast"
FROM (
  SELECT
    CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
    "t0"."amount",
    (
      (
        (
          EXTRACT(year FROM "t0"."quarter") - 1970
        ) * 12
      ) + EXTRACT(month FROM "t0"."quarter")
    ) - 1 AS "quarter"
  FROM "forecasts" AS "t0"
  WHERE
    "t0"."quarter" <= FROM_ISO8601_DATE('2024-12-31')
) AS "t1"
GROUP BY
  1,
  2
