namespace SpeechStream.Tests.Audio;

/// <summary>What the replay buffer should do, in the simplest way: every byte of the caller's audio in one list, and offsets into it.</summary>
internal sealed class NaiveBuffer(int capacity)
{
    private readonly List<byte?> _bytes = [];
    private readonly List<TimeSpan?> _sentAt = [];
    private bool _inHole;

    public int Acked { get; private set; }

    public int Sent { get; private set; }

    public int Start { get; private set; }

    public int End => _bytes.Count;

    public int Furthest { get; private set; }

    public int Replayed { get; private set; }

    public int Unsent => Stored(Sent, End);

    /// <summary>Appends without regard to the capacity; sent audio makes room.</summary>
    public void Write(ReadOnlySpan<byte> audio)
    {
        foreach (var item in audio)
        {
            // The second half of a sample whose first half was dropped is no use.
            Add(_inHole && End % 2 != 0 ? null : item);
            _inHole = false;
        }

        for (var excess = Stored(Start, End) - capacity; excess > 0 && Start < Sent; Start = Math.Min(Sent, Start + 2))
        {
            excess -= Stored(Start, Math.Min(Sent, Start + 2));
        }
    }

    public bool TryWrite(ReadOnlySpan<byte> audio)
    {
        if (Unsent + audio.Length > capacity)
        {
            return false;
        }

        Write(audio);
        return true;
    }

    public void Drop(int count)
    {
        if (count > 0 && !_inHole)
        {
            _inHole = true;
            if (End % 2 != 0)
            {
                _bytes[^1] = null;
            }
        }

        for (var i = 0; i < count; i++)
        {
            Add(null);
        }
    }

    /// <summary>The next bytes that may be sent as one message.</summary>
    public (int Offset, byte[] Bytes) Next(int most)
    {
        var offset = Sent;
        while (offset < End && _bytes[offset] is null)
        {
            offset++;
        }

        var run = new List<byte>();
        while (run.Count < most && offset + run.Count < End && _bytes[offset + run.Count] is { } item)
        {
            run.Add(item);
        }

        return (offset, [.. run[..(run.Count / 2 * 2)]]);
    }

    public void Took(int offset, int count, TimeSpan now)
    {
        for (var i = offset; i < offset + count; i++)
        {
            _sentAt[i] = now;
        }

        Replayed += Math.Clamp(Furthest - offset, 0, count);
        Sent = offset + count;
        Furthest = Math.Max(Furthest, Sent);
    }

    public void Acknowledge(int offset)
    {
        Acked = Math.Max(Acked, Math.Min(offset, Sent));
        Start = Math.Max(Start, Acked);
    }

    /// <summary>Goes back, and gives the offsets of stored bytes that are forgotten, with the time when each was sent.</summary>
    public List<(int Offset, TimeSpan SentAt)> Rewind()
    {
        var forgotten = Enumerable.Range(Acked, Start - Acked).Where(offset => _bytes[offset] is not null).Select(offset => (offset, _sentAt[offset]!.Value)).ToList();
        Acked = Sent = Start;
        return forgotten;
    }

    public int Holes(int from, int to) => to - from - Stored(from, to);

    /// <summary>A final may end here: audio that was sent ends here.</summary>
    public bool MayEndAt(int offset) => offset > 0 && offset <= Sent && _sentAt[offset - 1] is not null;

    private int Stored(int from, int to)
    {
        var count = 0;
        for (var i = from; i < to; i++)
        {
            count += _bytes[i] is null ? 0 : 1;
        }

        return count;
    }

    private void Add(byte? item)
    {
        _bytes.Add(item);
        _sentAt.Add(null);
    }
}
