SELECT
  COUNT(*) AS `rows`,
  COALESCE(SUM(CAST(EXTRACT(day FROM `t0`.`created`) = 1 AS INT64)), 0) AS `on_first`,
  LEAST(MIN(`t0`.`created`), COALESCE(MIN(`t0`.`closed`), MIN(`t0`.`created`))) AS `first`,
  GREATEST(MAX(`t0`.`created`), COALESCE(MAX(`t0`.`closed`), MAX(`t0`.`created`))) AS `last`
FROM `opportunities` AS `t0`
