from paperdesk.market.hidden import merged, spanned


def test_bar_of_nodes_is_all_of_them() -> None:
    nodes = [(0, 10, 5, 9, 4, 6, 100, 7), (10, 20, 6, 8, 2, 3, 50, 5)]

    assert merged(nodes) == (5, 9, 2, 3, 150, 12)


def test_bar_of_sessions_is_all_of_them() -> None:
    assert spanned([(5, 9, 4, 6, 100, 7), (6, 8, 2, 3, 50, 5)]) == (5, 9, 2, 3, 150, 12)
    assert spanned([(5, 9, 4, 6, 100, 7)]) == (5, 9, 4, 6, 100, 7)
