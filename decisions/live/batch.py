"""Questions to the database asked in the same moment, answered in one hop: a storm becomes a crowd."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

CROWD = 200


class Batch(Generic[Question, Answer]):
    """One reading at a time, so that answers come in the order of the questions."""

    def __init__(
        self,
        executor: Executor,
        read: Callable[[Sequence[Question]], Mapping[Question, Answer]],
        most: int = CROWD,
    ) -> None:
        self._executor = executor
        self._read = read
        self._most = most
        self._asked: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._work: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._asked.append((question, answer))
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        while self._asked:
            crowd, self._asked = self._asked[: self._most], self._asked[self._most :]
            questions = list(dict.fromkeys(question for question, _ in crowd))
            loop = asyncio.get_running_loop()
            try:
                found = await loop.run_in_executor(self._executor, self._read, questions)
            except BaseException as trouble:
                _fail(crowd, trouble)
                if not isinstance(trouble, Exception):
                    raise
            else:
                _tell(crowd, found)


def _tell(crowd: Sequence[tuple[Question, asyncio.Future[Answer]]], found: Mapping[Question, Answer]) -> None:
    for question, answer in crowd:
        if not answer.done():
            answer.set_result(found[question])


def _fail(crowd: Sequence[tuple[Question, asyncio.Future[Answer]]], trouble: BaseException) -> None:
    for _, answer in crowd:
        if answer.done():
            continue
        if isinstance(trouble, asyncio.CancelledError):
            answer.cancel()
        else:
            answer.set_exception(trouble)
