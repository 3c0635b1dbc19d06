SELECT
  "t3"."month",
  "t3"."place",
  COALESCE(SUM("t3"."joined"), 0) AS "joined",
  COALESCE(SUM("t3"."left"), 0) AS "left",
  COALESCE(SUM("t3"."quota"), 0) AS "quota",
  COALESCE(SUM("t3"."quota_people"), 0) AS "quota_people",
  COALESCE(SUM("t3"."cost"), 0) AS "cost",
  COALESCE(SUM("t3"."cost_people"), 0) AS "cost_people"
FROM (
  SELECT
    *
  FROM (
    SELECT
      CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
      (
        (
          (
            EXTRACT(year FROM "t0"."started") - 1970
          ) * 12
        ) + EXTRACT(month FROM "t0"."started")
      ) - 1 AS "month",
      1 AS "joined",
      0 AS "left",
      COALESCE("t0"."quota", 0) * 1 AS "quota",
      CAST(IF("t0"."quota" IS NOT NULL, 1, 0) AS BIGINT) AS "quota_people",
      COALESCE("t0"."cost", 0) * 1 AS "cost",
      CAST(IF("t0"."cost" IS NOT NULL, 1, 0) AS BIGINT) AS "cost_people"
    FROM "people" AS "t0"
    WHERE
      "t0"."started" <= FROM_ISO8601_DATE('2024-12-31')
  ) AS "t1"
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      CAST(CASE LOWER("t0"."segment") WHEN 'smb' THEN 0 ELSE 1 END AS BIGINT) AS "place",
      (
        (
          (
            EXTRACT(year FROM IF("t0"."left" <= FROM_ISO8601_DATE('2024-12-31'), "t0"."left", CAST(NULL AS DATE))) - 1970
          ) * 12
        ) + EXTRACT(month FROM IF("t0"."left" <= FROM_ISO8601_DATE('2024-12-31'), "t0"."left", CAST(NULL AS DATE)))
      ) - 1 AS "month",
      0 AS "joined",
      1 AS "left",
      COALESCE("t0"."quota", 0) * -1 AS "quota",
      CAST(IF("t0"."quota" IS NOT NULL, -1, 0) AS BIGINT) AS "quota_people",
      COALESCE("t0"."cost", 0) * -1 AS "cost",
      CAST(IF("t0"."cost" IS NOT NULL, -1, 0) AS BIGINT) AS "cost_people"
    FROM "people" AS "t0"
    WHERE
      "t0"."started" <= FROM_ISO8601_DATE('2024-12-31')
      AND IF("t0"."left" <= FROM_ISO8601_DATE('2024-12-31'), "t0"."left", CAST(NULL AS DATE)) IS NOT NULL
  ) AS "t2"
) AS "t3"
GROUP BY
  1,
  2
