"""Comments from and to CSV; refusals name the place and the mend."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import MalformedCommentsError
from analysis.texts.comment_files import CommentTable, read_comments, write_comments


def written(tmp_path, data):
    path = tmp_path / "comments.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def refusal(tmp_path, data):
    with pytest.raises(MalformedCommentsError) as caught:
        read_comments(written(tmp_path, data))
    return str(caught.value)


def test_all_columns_are_read(tmp_path):
    table = read_comments(
        written(tmp_path, 'author,comment,text,stance,language,clause\nu1,1,"a, b",agree,th,c2\n')
    )
    assert list(table.rows()) == [("1", "a, b", "agree", "u1", "th", "c2")]


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path):
    table = read_comments(written(tmp_path, b"\xef\xbb\xbfcomment,text\r\n\r\n1,x\r\n"))
    assert table.comments == ("1",)


def test_a_missing_column_is_named(tmp_path):
    assert "row 1" in (text := refusal(tmp_path, "comment,body\n1,x\n"))
    assert "'text' is missing" in text


def test_a_repeated_column_is_named(tmp_path):
    assert "row 1, column 3: 'text' stands twice" in refusal(tmp_path, "comment,text,text\n1,a,b\n")


def test_a_repeated_id_names_both_rows(tmp_path):
    message = refusal(tmp_path, "comment,text\n7,a\n8,b\n7,c\n")
    assert "row 4, column 1" in message
    assert "row 2" in message


def test_an_empty_id_is_refused(tmp_path):
    assert "row 2, column 1: the id is empty" in refusal(tmp_path, "comment,text\n ,a\n")


def test_a_ragged_row_is_refused(tmp_path):
    assert "row 3, column 3: 3 fields instead of 2" in refusal(
        tmp_path, "comment,text\n1,a\n2,b,c\n"
    )


def test_an_open_quotation_mark_is_refused(tmp_path):
    message = refusal(tmp_path, 'comment,text\n1,a\n2,"b\n3,c\n')
    assert "row 3" in message
    assert "quotation mark" in message


def test_another_encoding_is_refused_with_its_place(tmp_path):
    data = b"comment,text\n1,ok\n2," + "น้ำ".encode("cp874") + b"\n"
    message = refusal(tmp_path, data)
    assert "row 3, column 2: not UTF-8" in message


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(MalformedCommentsError, match="cannot be read"):
        read_comments(tmp_path / "none.csv")


def test_an_empty_file_is_refused_and_a_header_alone_is_not(tmp_path):
    assert "'comment' is missing" in refusal(tmp_path, "")
    assert len(read_comments(written(tmp_path, "comment,text\n"))) == 0


def test_the_digest_does_not_depend_on_the_order():
    one = CommentTable(("1", "2"), ("a", "b"))
    other = CommentTable(("2", "1"), ("b", "a"))
    assert one.digest == other.digest
    assert one.digest != CommentTable(("1", "2"), ("b", "a")).digest


def test_uneven_columns_and_repeated_ids_are_refused():
    with pytest.raises(MalformedCommentsError):
        CommentTable(("1",), ("a", "b"))
    with pytest.raises(MalformedCommentsError):
        CommentTable(("1", "1"), ("a", "b"))


def test_unknown_authors_count_as_people_of_their_own():
    table = CommentTable(("1", "2", "3", "4"), ("a",) * 4, authors=("x", "x", "", ""))
    assert table.people() == 3
    assert table.people(["1", "2"]) == 1


plain_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@settings(deadline=None)
@given(texts=st.lists(plain_texts, max_size=8))
def test_what_is_written_is_read_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "comments.csv"
    table = CommentTable(tuple(str(n) for n in range(len(texts))), tuple(texts))
    write_comments(table, path)
    assert read_comments(path) == table


@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "comments.csv"
    path.write_bytes(b"comment,text\n" + data)
    with suppress(MalformedCommentsError):
        assert isinstance(read_comments(path), CommentTable)
