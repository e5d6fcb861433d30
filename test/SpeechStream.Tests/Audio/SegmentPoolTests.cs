using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

/// <summary>The pool keeps memory for the sessions that run, and no more.</summary>
public sealed class SegmentPoolTests
{
    // As the pool documents it: memory for a few seconds of audio for each running session.
    private const int MostPerSession = 128 * 1024 / SegmentPool.LiveBytes;

    private readonly SegmentPool _pool = new(SegmentPool.LiveBytes);
    private AudioSegment[] _given = [];

    [Fact]
    public void A_pool_keeps_a_limited_number_of_segments_for_each_session()
    {
        _pool.Join();
        _pool.Join();
        Give(3 * MostPerSession);

        Kept().Should().Be(2 * MostPerSession);
    }

    [Fact]
    public void A_pool_shrinks_when_a_session_leaves()
    {
        _pool.Join();
        _pool.Join();
        Give(2 * MostPerSession);
        _pool.Leave();

        Kept().Should().Be(MostPerSession);
    }

    private void Give(int count)
    {
        _given = Take(count);
        Array.ForEach(_given, _pool.Give);
    }

    /// <summary>How many of the given segments it has kept.</summary>
    private int Kept() => Take(_given.Length).Intersect(_given).Count();

    private AudioSegment[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => _pool.Take(0))];
}
