SELECT
  `t1`.`name`,
  MIN(`t1`.`written`) AS `written`,
  COALESCE(SUM(`t1`.`amount`), 0) AS `amount`
FROM (
  SELECT
    LOWER(`t0`.`segment`) AS `name`,
    `t0`.`segment` AS `written`,
    IF(
      (
        IF(
          (
            `t0`.`outcome` <> 'open'
          )
          AND COALESCE(`t0`.`closed` <= DATE(2024, 12, 31), FALSE),
          `t0`.`outcome`,
          'open'
        ) = 'won'
      )
      AND (
        `t0`.`amount` IS NOT NULL
      ),
      `t0`.`amount`,
      0
    ) AS `amount`
  FROM `opportunities` AS `t0`
  WHERE
    `t0`.`created` <= DATE(2024, 12, 31)
) AS `t1`
GROUP BY
  1
