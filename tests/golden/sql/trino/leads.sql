SELECT
  "t1"."month",
  "t1"."place",
  "t1"."band",
  COUNT(*) AS "leads",
  COALESCE(SUM(IF("t1"."converted", 1, 0)), 0) AS "converted"
FROM (
  SELECT
    CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
    "t0"."converted",
    (
      (
        (
          EXTRACT(year FROM "t0"."created") - 1970
        ) * 12
      ) + EXTRACT(month FROM "t0"."created")
    ) - 1 AS "month",
    CAST(CASE
      WHEN "t0"."score" >= CAST(10.0 AS DOUBLE)
      THEN 2
      WHEN "t0"."score" >= CAST(0.5 AS DOUBLE)
      THEN 1
      ELSE 0
    END AS BIGINT) AS "band"
  FROM "leads" AS "t0"
  WHERE
    "t0"."created" <= FROM_ISO8601_DATE('2024-12-31')
) AS "t1"
GROUP BY
  1,
  2,
  3
