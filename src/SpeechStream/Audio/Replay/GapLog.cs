namespace SpeechStream.Audio.Replay;

/// <summary>Records the audio that no final result will cover: audio that was dropped before it was stored, and stored audio that was given up.</summary>
/// <remarks>
/// Not thread-safe: it is called under <see cref="ReplayMemory.Gate"/>. Lives as long as the session. A hole is audio that was never stored. It counts as
/// lost when an acknowledgement passes it, so that every acknowledged byte is either in a final result or counted as lost.
/// </remarks>
internal sealed class GapLog
{
    // Closed holes that no acknowledgement has passed yet, in the order of the audio.
    private readonly Queue<Gap> _holes = new();

    // Offset of the hole that is still growing; null when audio is stored at present.
    private long? _openFrom;

    /// <summary>How many bytes before the acknowledged offset are lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Whether a hole is still growing: the newest audio was dropped.</summary>
    public bool IsHoleOpen => _openFrom is not null;

    /// <summary>Opens a hole at <paramref name="offset"/>, where audio is dropped. A hole that is open already continues.</summary>
    public void OpenHole(long offset) => _openFrom ??= offset;

    /// <summary>Closes the hole at <paramref name="end"/>, where audio is stored again or ends.</summary>
    /// <returns>The hole; null when none was open.</returns>
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

    /// <summary>Counts the holes as lost that an acknowledgement passes when it moves from <paramref name="acked"/> to <paramref name="offset"/>.</summary>
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

    /// <summary>
    /// Counts stored audio as lost, before an acknowledgement passes it, and adds it to <paramref name="unreported"/>. Holes are left out, since each is
    /// reported when it closes and counted when it is passed.
    /// </summary>
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

/// <summary>A part of the caller's audio that no final result will cover, in bytes from the beginning of the audio.</summary>
internal readonly record struct Gap(long From, long To);
