namespace SpeechStream.Audio;

/// <summary>The audio that no final will cover: what the caller's drops left out, and what was given up at a loss.</summary>
/// <remarks>
/// Not thread-safe: <see cref="ReplayBuffer"/> calls it under its lock. Lives as long as the session. A hole is audio that was never stored; it is counted as
/// lost when an acknowledgement passes it, so that acknowledged audio is always final or lost.
/// </remarks>
internal sealed class GapLog
{
    // Closed holes that no acknowledgement has passed yet, in order.
    private readonly Queue<Gap> _holes = new();

    // Where the hole begins that the caller is making just now.
    private long? _openFrom;

    /// <summary>Lost bytes before the acknowledged offset.</summary>
    public long Lost { get; private set; }

    /// <summary>The caller is dropping audio just now.</summary>
    public bool IsHoleOpen => _openFrom is not null;

    /// <summary>Audio from <paramref name="offset"/> on is dropped; a hole that is open goes on.</summary>
    public void OpenHole(long offset) => _openFrom ??= offset;

    /// <summary>Audio is taken again, or ends.</summary>
    /// <returns>The hole that this closes; null when none was open.</returns>
    public Gap? CloseHole(long end)
    {
        if (_openFrom is not { } from)
        {
            return null;
        }

        var hole = new Gap(from, end);
        _holes.Enqueue(hole);
        _openFrom = null;
        return hole;
    }

    /// <summary>An acknowledgement moves up to <paramref name="offset"/>: the holes before it are lost now.</summary>
    public void Pass(long acked, long offset)
    {
        while (_holes.TryPeek(out var hole) && hole.From < offset)
        {
            Lost += Math.Min(hole.To, offset) - Math.Max(hole.From, acked);
            if (hole.To > offset)
            {
                break;
            }

            _holes.Dequeue();
        }
    }

    /// <summary>Counts stored audio as lost, before an acknowledgement passes it.</summary>
    /// <returns>The parts that the caller doesn't know of: without the holes, which are reported when they close.</returns>
    public void GiveUp(long from, long to, List<Gap> unreported)
    {
        foreach (var hole in _holes)
        {
            if (hole.To <= from)
            {
                continue;
            }

            if (hole.From >= to)
            {
                break;
            }

            Add(from, hole.From);
            from = hole.To;
        }

        Add(from, to);

        void Add(long begin, long end)
        {
            if (begin < end)
            {
                unreported.Add(new Gap(begin, end));
                Lost += end - begin;
            }
        }
    }
}

/// <summary>A stretch of the caller's audio that no final will cover, in bytes from its beginning.</summary>
internal readonly record struct Gap(long From, long To);
