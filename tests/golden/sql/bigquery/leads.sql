SELECT
  `t1`.`month`,
  `t1`.`place`,
  `t1`.`band`,
  COUNT(*) AS `leads`,
  COALESCE(SUM(IF(`t1`.`converted`, 1, 0)), 0) AS `converted`
FROM (
  SELECT
    CAST(CASE LOWER(`t0`.`segment`) WHEN 'smb' THEN 0 ELSE 1 END AS INT64) AS `place`,
    `t0`.`converted`,
    (
      (
        (
          EXTRACT(year FROM `t0`.`created`) - 1970
        ) * 12
      ) + EXTRACT(month FROM `t0`.`created`)
    ) - 1 AS `month`,
    CAST(CASE WHEN `t0`.`score` >= 10.0 THEN 2 WHEN `t0`.`score` >= 0.5 THEN 1 ELSE 0 END AS INT64) AS `band`
  FROM `leads` AS `t0`
  WHERE
    `t0`.`created` <= DATE(2024, 12, 31)
) AS `t1`
GROUP BY
  1,
  2,
  3
