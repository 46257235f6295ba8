from paperdesk.api.route import Answer
from paperdesk.server.repetitions import KEPT_FOR, RECORD_SIZE, Repetitions

NOW = 1_000_000_000


def test_an_answer_is_found_by_its_request() -> None:
    repetitions = Repetitions()
    kept = repetitions.begin(b"one", NOW)
    answer = Answer(body=b"{}")

    repetitions.answered(b"one", kept, answer)

    found = repetitions.find(b"one")
    assert found is not None
    assert found.answer is answer
    assert repetitions.find(b"two") is None


def test_answers_are_forgotten_after_a_while() -> None:
    repetitions = Repetitions()
    repetitions.answered(b"one", repetitions.begin(b"one", NOW), Answer(body=b"{}"))

    repetitions.begin(b"two", NOW + KEPT_FOR - 1)
    assert repetitions.find(b"one") is not None
    repetitions.begin(b"three", NOW + KEPT_FOR)

    assert repetitions.find(b"one") is None
    assert len(repetitions) == 2


def test_no_more_bytes_are_kept_than_allowed() -> None:
    size_max = 10 * (RECORD_SIZE + 100)
    repetitions = Repetitions(size_max)
    for number in range(1_000):
        key = str(number).encode()
        repetitions.answered(key, repetitions.begin(key, NOW), Answer(body=b"x" * 100))

    assert repetitions.size <= size_max + RECORD_SIZE + 100
    assert len(repetitions) <= 11
    assert repetitions.find(b"999") is not None
    assert repetitions.find(b"900") is None


def test_one_answer_that_is_too_large_goes_with_the_next_request() -> None:
    repetitions = Repetitions(1_000)
    repetitions.answered(b"one", repetitions.begin(b"one", NOW), Answer(body=b"x" * 5_000))

    repetitions.begin(b"two", NOW)

    assert repetitions.find(b"one") is None
    assert repetitions.size == RECORD_SIZE


def test_the_answer_to_what_was_forgotten_is_not_counted() -> None:
    repetitions = Repetitions()
    kept = repetitions.begin(b"one", NOW)
    repetitions.begin(b"two", NOW + KEPT_FOR)

    repetitions.answered(b"one", kept, Answer(body=b"x" * 100))

    assert kept.answer is not None
    assert repetitions.find(b"one") is None
    assert repetitions.size == RECORD_SIZE
