SELECT
  `t1`.`place`,
  `t1`.`month`,
  COUNT(*) AS `opportunities`,
  COALESCE(SUM(IF(`t1`.`amount` IS NOT NULL, 1, 0)), 0) AS `priced`,
  COALESCE(SUM(`t1`.`amount`), 0) AS `amount`
FROM (
  SELECT
    CAST(CASE LOWER(`t0`.`segment`) WHEN 'smb' THEN 0 ELSE 1 END AS INT64) AS `place`,
    `t0`.`amount`,
    (
      (
        (
          EXTRACT(year FROM `t0`.`created`) - 1970
        ) * 12
      ) + EXTRACT(month FROM `t0`.`created`)
    ) - 1 AS `month`
  FROM `opportunities` AS `t0`
  WHERE
    `t0`.`created` <= DATE(2024, 12, 31)
) AS `t1`
GROUP BY
  1,
  2
