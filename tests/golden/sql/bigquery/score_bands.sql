SELECT
  `t4`.`band`,
  MIN(`t4`.`score`) AS `score_low`,
  MAX(`t4`.`score`) AS `score_high`
FROM (
  SELECT
    `t3`.`score`,
    IF((
      `t3`.`less` * 5
    ) >= (
      `t3`.`all` * 1
    ), 1, 0) + IF((
      `t3`.`less` * 5
    ) >= (
      `t3`.`all` * 2
    ), 1, 0) + IF((
      `t3`.`less` * 5
    ) >= (
      `t3`.`all` * 3
    ), 1, 0) + IF((
      `t3`.`less` * 5
    ) >= (
      `t3`.`all` * 4
    ), 1, 0) + 1 AS `band`
  FROM (
    SELECT
      `t2`.`score`,
      `t2`.`leads`,
      SUM(`t2`.`leads`) OVER (ORDER BY `t2`.`score` ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - `t2`.`leads` AS `less`,
      SUM(`t2`.`leads`) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS `all`
    FROM (
      SELECT
        `t1`.`score`,
        COUNT(*) AS `leads`
      FROM (
        SELECT
          *
        FROM `leads` AS `t0`
        WHERE
          `t0`.`created` <= DATE(2024, 12, 31) AND `t0`.`score` IS NOT NULL
      ) AS `t1`
      GROUP BY
        1
    ) AS `t2`
  ) AS `t3`
) AS `t4`
GROUP BY
  1
