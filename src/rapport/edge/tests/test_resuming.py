"""A returning client hears each event once, also when the feed is read later than the table was."""

import asyncio

from rapport.edge.hub import Hub, Stream
from rapport.jobs.api import FeedRow


def row(number: int) -> FeedRow:
    return FeedRow(number, "news", ("desk",), f'{{"n":{number}}}')


class Feed:
    """A feed that is behind the table: what it returns next is set by the test."""

    position = 1

    def __init__(self, table):
        self.table = table

    async def rows_after(self, last_id, limit):
        return [r for r in self.table if r.id > last_id][:limit]


def test_events_sent_while_resuming_are_not_sent_again_when_the_feed_catches_up():
    async def scenario():
        sent = []

        async def send(message):
            sent.append(message["body"].decode())

        hub = Hub(Feed([row(2), row(3)]))
        stream = Stream(frozenset({"desk"}), send, asyncio.get_running_loop().create_future())
        hub.add(stream)
        missed, stream.seen = await hub.missed(1, stream.topics)
        await hub.deliver([row(2)])
        await send({"body": missed})
        await stream.release()
        await hub.deliver([row(3), row(4)])
        return "".join(sent)

    heard = asyncio.run(scenario())
    assert [heard.count(f'{{"n":{n}}}') for n in (2, 3, 4)] == [1, 1, 1]


def test_news_that_comes_while_resuming_is_kept_event_by_event():
    async def scenario():
        sent = []

        async def send(message):
            sent.append(message["body"].decode())

        hub = Hub(Feed([row(2)]))
        stream = Stream(frozenset({"desk"}), send, asyncio.get_running_loop().create_future())
        hub.add(stream)
        await hub.deliver([row(2), row(3)])
        missed, stream.seen = await hub.missed(1, stream.topics)
        await send({"body": missed})
        await stream.release()
        return "".join(sent)

    heard = asyncio.run(scenario())
    assert [heard.count(f'{{"n":{n}}}') for n in (2, 3)] == [1, 1]
