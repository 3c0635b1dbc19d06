WITH `t2` AS (
  SELECT
    `t1`.`owner`,
    `t1`.`month`,
    LAG(`t1`.`month`) OVER (PARTITION BY `t1`.`owner` ORDER BY `t1`.`month` ASC) AS `before`,
    LEAD(`t1`.`month`) OVER (PARTITION BY `t1`.`owner` ORDER BY `t1`.`month` ASC) AS `after`
  FROM (
    SELECT DISTINCT
      LOWER(`t0`.`owner`) AS `owner`,
      (
        (
          (
            EXTRACT(year FROM IF(
              (
                `t0`.`outcome` <> 'open'
              )
              AND COALESCE(`t0`.`closed` <= DATE(2024, 12, 31), FALSE),
              `t0`.`closed`,
              CAST(NULL AS DATE)
            )) - 1970
          ) * 12
        ) + EXTRACT(month FROM IF(
          (
            `t0`.`outcome` <> 'open'
          )
          AND COALESCE(`t0`.`closed` <= DATE(2024, 12, 31), FALSE),
          `t0`.`closed`,
          CAST(NULL AS DATE)
        ))
      ) - 1 AS `month`
    FROM `opportunities` AS `t0`
    WHERE
      `t0`.`created` <= DATE(2024, 12, 31)
      AND IF(
        (
          `t0`.`outcome` <> 'open'
        )
        AND COALESCE(`t0`.`closed` <= DATE(2024, 12, 31), FALSE),
        `t0`.`outcome`,
        'open'
      ) <> 'open'
      AND `t0`.`owner` <> ''
  ) AS `t1`
)
SELECT
  `t10`.`month`,
  `t10`.`owners`,
  `t10`.`year_owners`
FROM (
  SELECT
    `t9`.`month`,
    `t9`.`owners`,
    `t9`.`step`,
    SUM(`t9`.`step`) OVER (ORDER BY `t9`.`month` ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS `year_owners`
  FROM (
    SELECT
      `t8`.`month`,
      COALESCE(SUM(`t8`.`owners`), 0) AS `owners`,
      COALESCE(SUM(`t8`.`step`), 0) AS `step`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t3`.`month`,
            1 AS `owners`,
            0 AS `step`
          FROM `t2` AS `t3`
        ) AS `t4`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t3`.`month`,
            0 AS `owners`,
            1 AS `step`
          FROM `t2` AS `t3`
          WHERE
            (
              `t3`.`before` IS NULL
            ) OR (
              (
                `t3`.`month` - `t3`.`before`
              ) > 12
            )
        ) AS `t6`
      ) AS `t7`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          `t3`.`month` + 12 AS `month`,
          0 AS `owners`,
          -(
            1
          ) AS `step`
        FROM `t2` AS `t3`
        WHERE
          (
            `t3`.`after` IS NULL
          ) OR (
            (
              `t3`.`after` - `t3`.`month`
            ) > 12
          )
      ) AS `t5`
    ) AS `t8`
    GROUP BY
      1
  ) AS `t9`
) AS `t10`
WHERE
  `t10`.`owners` > 0
