"""The questions behind the invariants: each gives the ids of the rows of one table that break one promise."""

from __future__ import annotations

from typing import Final

NAMES: Final[dict[int, str]] = {
    1: "one-open-step",
    2: "steps-lead-on",
    3: "results-have-a-place",
    4: "corrections-reopen",
    5: "orders-come-to-an-end",
    6: "letters-in-order",
    7: "nothing-for-those-who-left",
    8: "nobody-given-up-in-silence",
    9: "owners-are-here",
    10: "days-are-plain-days",
    11: "lists-hold-every-step",
    12: "one-person-one-number",
    13: "values-keep-their-units",
    14: "assessments-replay",
    15: "letters-are-what-was-approved",
    16: "infusions-are-followed-by-labs",
    17: "discharge-knows-the-cause",
    18: "audit-chain-holds",
}

# Reticulocytes are reported as a share and as a count, which cannot be turned into each other: a trend keeps
# to one of the two.
QUERIES: Final[tuple[tuple[int, str, str], ...]] = (
    (
        1,
        "course",
        """
        SELECT c.id FROM course c LEFT JOIN next_step s ON s.course_id = c.id AND s.is_open
        GROUP BY c.id, c.status, c.open_step_id
        HAVING count(s.id) <> CASE c.status WHEN 'ended' THEN 0 ELSE 1 END
            OR coalesce(max(s.id), 0) <> coalesce(c.open_step_id, 0)
        """,
    ),
    (
        1,
        "next_step",
        """
        SELECT s.id FROM next_step s LEFT JOIN user_account u ON u.id = s.owner_id
        WHERE s.is_open AND (u.id IS NULL OR s.due IS NULL OR s.on_overdue IS NULL OR s.closed_at IS NOT NULL)
        """,
    ),
    (
        2,
        "next_step",
        """
        SELECT s.id FROM next_step s JOIN course c ON c.id = s.course_id
        WHERE NOT s.is_open AND (
            s.closed_reason IS NULL OR s.closed_by_id IS NULL OR s.closed_at IS NULL
            OR (c.status <> 'ended'
                AND s.closed_reason <> 'unmerged'
                AND NOT EXISTS (SELECT 1 FROM next_step n WHERE n.course_id = s.course_id AND n.id > s.id)))
        """,
    ),
    (
        2,
        "course",
        """
        SELECT id FROM course
        WHERE (status = 'ended') <> (end_reason IS NOT NULL AND ended_on IS NOT NULL)
        """,
    ),
    (
        3,
        "lab_result",
        """
        SELECT r.id FROM lab_result r JOIN patient p ON p.id = r.patient_id
        WHERE r.superseded_by_id IS NULL AND r.status IN ('final', 'preliminary', 'corrected')
            AND p.status = 'active' AND p.merged_into_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM course c WHERE c.patient_id = r.patient_id
                AND (c.status <> 'ended' OR c.ended_on >= date(r.recorded_at)))
            AND NOT EXISTS (SELECT 1 FROM assessment_result x JOIN assessment a ON a.id = x.assessment_id
                WHERE x.result_id = r.id AND a.state IN ('accepted', 'overridden', 'dismissed'))
        """,
    ),
    (
        3,
        "held_result",
        """
        SELECT h.id FROM held_result h
        LEFT JOIN user_account u ON u.id = h.owner_id LEFT JOIN lab_result r ON r.id = h.result_id
        WHERE (h.state = 'held' AND (u.id IS NULL OR h.due IS NULL))
            OR (h.state = 'filed') <> (r.id IS NOT NULL)
        """,
    ),
    (
        4,
        "lab_result",
        """
        SELECT DISTINCT r.id FROM lab_result r JOIN assessment_result x ON x.result_id = r.id
        JOIN assessment a ON a.id = x.assessment_id JOIN patient p ON p.id = r.patient_id
        WHERE (r.superseded_by_id IS NOT NULL OR r.status IN ('cancelled', 'entered-in-error'))
            AND a.state <> 'superseded' AND p.status = 'active' AND p.merged_into_id IS NULL
            AND (r.changed_at IS NULL OR a.made_at < r.changed_at)
            AND NOT EXISTS (SELECT 1 FROM assessment n WHERE n.patient_id = r.patient_id AND n.id > a.id
                AND (r.changed_at IS NULL OR n.made_at >= r.changed_at))
        """,
    ),
    (
        5,
        "lab_order",
        """
        SELECT o.id FROM lab_order o JOIN course c ON c.id = o.course_id
        WHERE (o.state = 'open' AND c.status = 'ended')
            OR (o.state = 'cancelled' AND o.closed_reason IS NULL)
            OR (o.state = 're-booked'
                AND NOT EXISTS (SELECT 1 FROM lab_order n WHERE n.id = o.replaced_by_id))
            OR (o.state = 'resulted' AND NOT EXISTS (SELECT 1 FROM lab_result r
                WHERE r.lab_order_id = o.id AND r.superseded_by_id IS NULL
                    AND r.status NOT IN ('cancelled', 'entered-in-error')))
        """,
    ),
    (
        6,
        "letter",
        """
        SELECT id FROM letter
        WHERE (state NOT IN ('draft', 'void') AND approved_at IS NULL)
            OR (state IN ('printed', 'handed', 'posted', 'returned') AND printed_at IS NULL)
            OR (state IN ('handed', 'posted', 'returned') AND sent_at IS NULL)
        """,
    ),
    (
        7,
        "letter",
        """
        SELECT l.id FROM letter l JOIN patient p ON p.id = l.patient_id
        WHERE p.status <> 'active' AND l.state IN ('draft', 'approved')
        """,
    ),
    (
        7,
        "next_step",
        """
        SELECT s.id FROM next_step s JOIN patient p ON p.id = s.patient_id
        WHERE p.status <> 'active' AND s.is_open
        """,
    ),
    (
        7,
        "visit",
        """
        SELECT v.id FROM visit v JOIN patient p ON p.id = v.patient_id
        WHERE p.status <> 'active' AND v.state = 'planned'
        """,
    ),
    (
        7,
        "lab_order",
        """
        SELECT o.id FROM lab_order o JOIN patient p ON p.id = o.patient_id
        WHERE p.status <> 'active' AND o.state = 'open'
        """,
    ),
    (
        8,
        "course",
        """
        SELECT c.id FROM course c
        WHERE c.end_reason = 'did-not-attend' AND (
            (SELECT count(*) FROM contact_attempt a WHERE a.course_id = c.id AND a.withdrawn_at IS NULL
                AND a.channel <> 'referrer'
                AND a.outcome IN ('no-answer', 'number-dead', 'moved', 'message-left')) < :tries
            OR NOT (EXISTS (SELECT 1 FROM contact_attempt a WHERE a.withdrawn_at IS NULL AND a.course_id = c.id
                    AND a.outcome = 'letter-sent' AND a.channel <> 'referrer')
                OR EXISTS (SELECT 1 FROM letter l WHERE l.course_id = c.id
                    AND l.kind IN ('reminder-1', 'reminder-2')
                    AND l.state IN ('printed', 'handed', 'posted', 'returned')))
            OR NOT (EXISTS (SELECT 1 FROM contact_attempt a WHERE a.withdrawn_at IS NULL AND a.course_id = c.id
                    AND a.channel = 'referrer')
                OR EXISTS (SELECT 1 FROM letter l WHERE l.course_id = c.id AND l.kind = 'not-reached'
                    AND l.state IN ('printed', 'handed', 'posted', 'returned')))
            OR NOT EXISTS (SELECT 1 FROM audit a WHERE a.patient_id = c.patient_id
                AND a.action = 'end-follow-up' AND a.detail LIKE '%"decided_as":"clinician"%'))
        """,
    ),
    (
        9,
        "next_step",
        """
        SELECT s.id FROM next_step s JOIN user_account u ON u.id = s.owner_id
        LEFT JOIN user_account d ON d.id = u.deputy_id
        WHERE s.is_open AND (NOT u.active
            OR (u.away_from <= :today AND u.away_until >= :today AND s.due <= :today
                AND NOT coalesce(d.active, FALSE)))
        """,
    ),
    (
        9,  # a course that rests is woken by the day its one open step is due on, so the two are one day
        "next_step",
        """
        SELECT s.id FROM next_step s WHERE s.is_open AND s.detail LIKE '%"suspended":{%'
            AND s.detail NOT LIKE '%"until":"' || CAST(s.due AS VARCHAR(10)) || '"%'
        """,
    ),
    (
        12,
        "patient_identifier",
        """
        SELECT i.id FROM patient_identifier i JOIN patient_identifier o ON o.kind = i.kind
            AND o.assigner = i.assigner AND o.value_key = i.value_key AND o.id <> i.id
        """,
    ),
    (
        12,
        "patient",
        """
        SELECT p.id FROM patient p JOIN patient o ON o.number = p.number AND o.id <> p.id
        """,
    ),
    (
        12,
        "patient",
        """
        SELECT p.id FROM patient p LEFT JOIN patient t ON t.id = p.merged_into_id
        WHERE p.merged_into_id IS NOT NULL AND (t.id IS NULL OR t.merged_into_id IS NOT NULL
            OR EXISTS (SELECT 1 FROM course c WHERE c.patient_id = p.id)
            OR EXISTS (SELECT 1 FROM lab_result r WHERE r.patient_id = p.id)
            OR EXISTS (SELECT 1 FROM letter l WHERE l.patient_id = p.id)
            OR EXISTS (SELECT 1 FROM patient_identifier i WHERE i.patient_id = p.id)
            OR NOT EXISTS (SELECT 1 FROM patient_merge g WHERE g.merged_id = p.id AND g.undone_at IS NULL))
        """,
    ),
    (
        12,
        "patient_merge",
        """
        SELECT g.id FROM patient_merge g LEFT JOIN patient p ON p.id = g.merged_id
        LEFT JOIN patient t ON t.id = g.kept_id
        WHERE (g.undone_at IS NULL AND (p.id IS NULL OR p.merged_into_id IS NULL
                OR p.merged_into_id NOT IN (t.id, coalesce(t.merged_into_id, 0))))
            OR (g.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM merged_row r WHERE r.merge_id = g.id
                AND r.table_name = 'patient' AND r.row_id = g.merged_id))
        """,
    ),
    (
        13,
        "lab_result",
        """
        SELECT id FROM lab_result
        WHERE (value IS NOT NULL AND (unit IS NULL OR trim(unit) = ''))
            OR collected_on IS NULL OR (canonical_value IS NULL) <> (canonical_unit IS NULL)
        """,
    ),
    (
        13,
        "lab_result",
        """
        SELECT r.id FROM lab_result r
        JOIN (SELECT analyte, min(canonical_unit) AS unit FROM lab_result GROUP BY analyte) o
            ON o.analyte = r.analyte
        WHERE r.canonical_unit <> o.unit AND r.analyte <> 'reticulocytes'
            OR r.analyte = 'reticulocytes' AND r.canonical_unit NOT IN ('%', '10*9/L')
        """,
    ),
    (
        16,
        "course",
        """
        SELECT c.id FROM course c
        JOIN (SELECT course_id, max(given_on) AS last_on FROM infusion
            WHERE state = 'given' GROUP BY course_id) g
            ON g.course_id = c.id
        WHERE c.status <> 'ended' AND NOT EXISTS (
            SELECT 1 FROM lab_order o
            WHERE o.course_id = c.id AND o.kind = 'repeat-labs' AND o.state <> 're-booked'
                AND (o.anchor_on = g.last_on OR (o.anchor_on IS NULL AND o.opens_on > g.last_on)))
        """,
    ),
    (
        16,
        "lab_order",
        """
        SELECT o.id FROM lab_order o JOIN course c ON c.id = o.course_id
        WHERE o.kind = 'repeat-labs' AND o.anchor_on IS NOT NULL
            AND c.product IN ('ferric-carboxymaltose', 'iron-polymaltose')
            AND o.panel NOT LIKE '%"phosphate"%' AND o.state IN ('open', 'resulted')
            AND EXISTS (SELECT 1 FROM infusion i WHERE i.course_id = c.id AND i.state = 'given'
                AND i.given_on = o.anchor_on)
        """,
    ),
    (
        17,
        "course",
        """
        SELECT id FROM course WHERE end_reason = 'discharged' AND cause IS NULL
        """,
    ),
)
"""Number of the promise, table, and the query for rows that break it.

`:today` is the clinic's day, `:tries` the number of attempts the protocol asks for.
"""

QUICK: Final[tuple[tuple[int, str, str], ...]] = (
    (
        1,
        "course",
        """
        SELECT 0 WHERE (SELECT count(*) FROM next_step WHERE is_open = TRUE)
            <> (SELECT count(*) FROM course WHERE status <> 'ended')
        """,
    ),
    (
        3,
        "held_result",
        """
        SELECT h.id FROM held_result h LEFT JOIN user_account u ON u.id = h.owner_id
        WHERE h.state = 'held' AND (u.id IS NULL OR h.due IS NULL) LIMIT 20
        """,
    ),
    (
        7,
        "letter",
        """
        SELECT l.id FROM letter l JOIN patient p ON p.id = l.patient_id
        WHERE l.state IN ('draft', 'approved') AND p.status <> 'active' LIMIT 20
        """,
    ),
    (
        9,
        "next_step",
        """
        SELECT s.id FROM user_account u CROSS JOIN next_step s
        WHERE s.owner_id = u.id AND s.is_open = TRUE AND NOT u.active LIMIT 20
        """,
    ),
)
"""What indexes answer at once, also at a hundred thousand patients: asked each time a clinic is opened.

An id of 0 stands for a count that does not agree; the full check names the rows. "CROSS JOIN" keeps the planner of a
file from beginning with every open step.
"""

UNFINISHED_BATCHES: Final = """
    SELECT b.id FROM letter_batch b LEFT JOIN letter_batch_item i ON i.batch_id = b.id
    GROUP BY b.id, b.size, b.finished_at
    HAVING count(i.position) <> b.size
        OR (b.finished_at IS NOT NULL AND sum(CASE WHEN i.outcome = 'pending' THEN 1 ELSE 0 END) > 0)
"""
"""Batches that do not have one outcome for each of their letters."""
