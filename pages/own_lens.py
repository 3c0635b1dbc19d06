"""Your lens: a page that a person puts together; it travels in the link and is saved as a lens file."""

from __future__ import annotations

import streamlit as st

from model import LensError
from model.frameworks.own_lens import MAX_FILE_BYTES, OwnLens, file_name, lens_toml, read_lens_file
from pages import lens
from pages.parts import lens_editor
from pages.parts.blocks import escaped, few, head, small
from pages.parts.lens_editor import lens_of
from pages.parts.state import Session


def page(session: Session) -> None:
    """Draw the page: the editor, as long as it is open, beside the lens as it will look."""
    own = lens_of(session)
    if not session.editing:
        _shown(session, own)
        _edit_switch(session)
        return
    left, right = st.columns([3, 8], gap="medium")
    with right:
        _shown(session, own)
    with left:
        _edit_switch(session)
        lens_editor.draw(session)
        _files(session, own)


def _shown(session: Session, own: OwnLens) -> None:
    if own.missing:
        head(f"Choose {' and '.join(own.missing)}, and the page appears here", own.name, own.question)
        small("Everything chosen so far is kept, in the link too.")
    else:
        lens.page(session, own.lens())


def _edit_switch(session: Session) -> None:
    """Open or close the editor; whoever is sent the link sees the page without it."""

    def set_editing(s: Session, on: bool) -> None:
        s.editing = on

    session.widget(
        "lens-editing", session.editing,
        lambda: st.toggle("Edit this page", session.editing, key="lens-editing"),
        set_editing,
    )  # fmt: skip


def _files(session: Session, own: OwnLens) -> None:
    """Offer the lens as a file, and take one in."""
    if not own.missing:
        st.download_button("Download as a lens file", lens_toml(own), file_name(own, st.session_state["pages"]),
                           "application/toml", key="lens-download", on_click="ignore", width="stretch",
                           icon=":material/download:", help="In data/lenses it is a page for everybody.")  # fmt: skip
    if session.lens:
        st.button("Take it out of the link", key="lens-drop", icon=":material/close:", width="stretch",
                  on_click=session.operations.append, args=(_drop,))  # fmt: skip
    with st.expander("Open a lens file", icon=":material/folder_open:"):
        given = st.file_uploader("A lens file", type=["toml"], key="lens-file", max_upload_size=1)
        if given is not None:
            _open(session, given.name, given.getvalue(), given.file_id)


def _drop(session: Session) -> None:
    session.lens = None


def _open(session: Session, name: str, content: bytes, file_id: str) -> None:
    """Open an uploaded file once; name all its problems if it is no lens, and keep what is here."""
    try:
        own, problems = read_lens_file(content, name)
    except LensError as error:
        for problem in few(error.problems):
            st.error(escaped(problem), icon=":material/error:")
        return
    if st.session_state.get("lens-opened") != file_id:
        st.session_state["lens-opened"] = file_id

        def take(s: Session) -> None:
            s.lens, s.notices = own, problems

        session.operations.append(take)
        st.rerun()
    small(f"{name} was opened. Files up to {MAX_FILE_BYTES // 1000} kB are read.")
