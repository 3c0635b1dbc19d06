WITH `t2` AS (
  SELECT
    LOWER(`t0`.`customer`) AS `customer`,
    (
      (
        (
          EXTRACT(year FROM `t0`.`started`) - 1970
        ) * 12
      ) + EXTRACT(month FROM `t0`.`started`)
    ) - 1 AS `begin`,
    (
      (
        (
          EXTRACT(year FROM IF(`t0`.`ended` <= DATE(2024, 12, 31), `t0`.`ended`, CAST(NULL AS DATE))) - 1970
        ) * 12
      ) + EXTRACT(month FROM IF(`t0`.`ended` <= DATE(2024, 12, 31), `t0`.`ended`, CAST(NULL AS DATE)))
    ) - 1 AS `end`,
    `t0`.`yearly`
  FROM `subscriptions` AS `t0`
  WHERE
    `t0`.`started` <= DATE(2024, 12, 31) AND `t0`.`yearly` <> 0
)
SELECT
  `t17`.`month`,
  `t17`.`place`,
  `t17`.`sold`,
  `t17`.`movement`,
  COUNT(*) AS `customers`,
  COALESCE(SUM(`t17`.`change`), 0) AS `arr`
FROM (
  SELECT
    `t16`.`month`,
    `t14`.`place`,
    `t16`.`sold`,
    CASE
      WHEN `t16`.`month` = `t16`.`sold`
      THEN 'new'
      WHEN (
        `t16`.`after` - `t16`.`change`
      ) = 0
      THEN 'reactivation'
      WHEN `t16`.`after` = 0
      THEN 'churn'
      WHEN `t16`.`change` > 0
      THEN 'expansion'
      ELSE 'contraction'
    END AS `movement`,
    ABS(`t16`.`change`) AS `change`
  FROM (
    SELECT
      `t13`.`customer`,
      `t13`.`month`,
      `t13`.`change`,
      `t13`.`after`,
      MIN(`t13`.`month`) OVER (
        PARTITION BY `t13`.`customer`
        ORDER BY `t13`.`month` ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS `sold`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t10`.`customer`,
          `t10`.`month`,
          GREATEST(`t10`.`sum`, 0) - GREATEST(`t10`.`sum` - `t10`.`change`, 0) AS `change`,
          GREATEST(`t10`.`sum`, 0) AS `after`
        FROM (
          SELECT
            `t9`.`customer`,
            `t9`.`month`,
            `t9`.`change`,
            SUM(`t9`.`change`) OVER (
              PARTITION BY `t9`.`customer`
              ORDER BY `t9`.`month` ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS `sum`
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t7`.`customer`,
                `t7`.`month`,
                COALESCE(SUM(`t7`.`change`), 0) AS `change`
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t4`.`customer`,
                    `t4`.`begin` AS `month`,
                    `t4`.`yearly` AS `change`
                  FROM `t2` AS `t4`
                  WHERE
                    (
                      `t4`.`end` IS NULL
                    ) OR (
                      `t4`.`end` > `t4`.`begin`
                    )
                ) AS `t5`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    `t4`.`customer`,
                    `t4`.`end` AS `month`,
                    -(
                      `t4`.`yearly`
                    ) AS `change`
                  FROM `t2` AS `t4`
                  WHERE
                    (
                      (
                        `t4`.`end` IS NULL
                      ) OR (
                        `t4`.`end` > `t4`.`begin`
                      )
                    )
                    AND `t4`.`end` IS NOT NULL
                ) AS `t6`
              ) AS `t7`
              GROUP BY
                1,
                2
            ) AS `t8`
            WHERE
              `t8`.`change` <> 0
          ) AS `t9`
        ) AS `t10`
      ) AS `t11`
      WHERE
        `t11`.`change` <> 0
    ) AS `t13`
  ) AS `t16`
  INNER JOIN (
    SELECT
      `t3`.`customer`,
      CAST(CASE
        WHEN `t3`.`of_0` = GREATEST(`t3`.`of_0`, `t3`.`of_1`)
        THEN 0
        WHEN `t3`.`of_1` = GREATEST(`t3`.`of_0`, `t3`.`of_1`)
        THEN 1
        ELSE 0
      END AS INT64) AS `place`,
      MOD(
        MOD(
          (
            (
              MOD(LENGTH(`t3`.`customer`), 64)
            ) * 82451
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        0 + 1
                      ) >= 1,
                      0 + 1,
                      0 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 980284
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        1 + 1
                      ) >= 1,
                      1 + 1,
                      1 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 147007
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        2 + 1
                      ) >= 1,
                      2 + 1,
                      2 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 153609
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        3 + 1
                      ) >= 1,
                      3 + 1,
                      3 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 837797
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        4 + 1
                      ) >= 1,
                      4 + 1,
                      4 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 177664
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        5 + 1
                      ) >= 1,
                      5 + 1,
                      5 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 993219
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        6 + 1
                      ) >= 1,
                      6 + 1,
                      6 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 530520
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        7 + 1
                      ) >= 1,
                      7 + 1,
                      7 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 654096
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        8 + 1
                      ) >= 1,
                      8 + 1,
                      8 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 773297
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        9 + 1
                      ) >= 1,
                      9 + 1,
                      9 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 707506
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        10 + 1
                      ) >= 1,
                      10 + 1,
                      10 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 919673
          ) + (
            (
              (
                INSTR(
                  '0123456789abcdefghijklmnopqrstuvwxyz',
                  SUBSTRING(
                    SUBSTRING(
                      CONCAT('............', LOWER(`t3`.`customer`)),
                      -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                    ),
                    IF(
                      (
                        11 + 1
                      ) >= 1,
                      11 + 1,
                      11 + 1 + LENGTH(
                        SUBSTRING(
                          CONCAT('............', LOWER(`t3`.`customer`)),
                          -LEAST(LENGTH(CONCAT('............', LOWER(`t3`.`customer`))), 12)
                        )
                      )
                    ),
                    1
                  )
                ) - 1
              ) + 1
            ) * 402204
          ),
          1000003
        ),
        16
      ) AS `part`
    FROM (
      SELECT
        `t1`.`customer`,
        COALESCE(SUM(IF(`t1`.`place` = 0, `t1`.`yearly`, NULL)), 0) AS `of_0`,
        COALESCE(SUM(IF(`t1`.`place` = 1, `t1`.`yearly`, NULL)), 0) AS `of_1`
      FROM (
        SELECT
          LOWER(`t0`.`customer`) AS `customer`,
          CAST(CASE LOWER(`t0`.`segment`) WHEN 'smb' THEN 0 ELSE 1 END AS INT64) AS `place`,
          `t0`.`yearly`
        FROM `subscriptions` AS `t0`
        WHERE
          `t0`.`started` <= DATE(2024, 12, 31) AND `t0`.`yearly` > 0
      ) AS `t1`
      GROUP BY
        1
    ) AS `t3`
  ) AS `t14`
    ON `t16`.`customer` = `t14`.`customer`
) AS `t17`
GROUP BY
  1,
  2,
  3,
  4
