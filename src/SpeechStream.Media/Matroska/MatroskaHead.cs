using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Matroska;

/// <summary>What stands before the first cluster: the tracks, and what is said about the whole file.</summary>
/// <param name="Track">The first track of audio.</param>
/// <param name="Duration">Null when the file doesn't tell, as what a browser records, and when another recording follows.</param>
/// <param name="End">Where the recording ends in the file; null when the file doesn't tell.</param>
internal sealed record MatroskaHead(MatroskaTrack Track, TimeSpan? Duration, long? End)
{
    private const long UsualScale = 1_000_000;
    private const int MostBytes = 1024 * 1024;

    /// <summary>Reads it without taking anything from the input. Null when something long stands before it, such as an index.</summary>
    /// <exception cref="ArgumentException">It has no track of audio.</exception>
    public static async ValueTask<MatroskaHead?> PeekAsync(AudioInput input, string container)
    {
        MatroskaHead? head;
        string? problem;
        while (!TryRead(input.Buffered.Span, out head, out problem))
        {
            if (input.Buffered.Length > MostBytes)
            {
                return null;
            }

            if (!await input.FillAsync(input.Buffered.Length + 1).ConfigureAwait(false))
            {
                problem = "the description of its tracks is missing";
                break;
            }
        }

        if (head is null)
        {
            throw new ArgumentException($"The {container} audio is malformed: {problem}. Check the recording, and what recorded it.");
        }

        var behind = head.End is { } end ? await input.PeekAsync(end, Ebml.MostHeaderBytes).ConfigureAwait(false) : [];
        return Ebml.ReadHeader(behind, out var id, out _) > 0 && id == ElementId.Header ? head with { Duration = null } : head;
    }

    /// <summary>The unit of times in nanoseconds, and the duration.</summary>
    public static (long Scale, TimeSpan? Duration) ReadInfo(ReadOnlySpan<byte> info)
    {
        var (scale, duration) = (UsualScale, 0d);
        while (MatroskaTrack.TryRead(ref info, out var id, out var content))
        {
            scale = id == ElementId.TimestampScale ? Math.Max(1, Ebml.ReadUnsigned(content)) : scale;
            duration = id == ElementId.Duration ? Ebml.ReadFloat(content) : duration;
        }

        var seconds = duration * scale / 1e9;
        return (scale, seconds > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static bool TryRead(ReadOnlySpan<byte> start, out MatroskaHead? head, out string? problem)
    {
        (head, problem) = (null, null);
        var (duration, end) = ((TimeSpan?)null, (long?)null);
        for (long at = 0; at < start.Length;)
        {
            var rest = start[(int)at..];
            var header = Ebml.ReadHeader(rest, out var id, out var size);
            if (header == 0)
            {
                problem = "one of its first elements is no element";
                return rest.Length >= Ebml.MostHeaderBytes;
            }

            if (id == ElementId.Segment)
            {
                at += header;
                end = size >= 0 ? at + size : null;
                continue;
            }

            if (id == ElementId.Cluster || size < 0)
            {
                problem = "the description of its tracks is missing";
                return true;
            }

            at += header + size;
            if (at > start.Length)
            {
                return false;
            }

            var content = rest.Slice(header, (int)size);
            duration = id == ElementId.Info ? ReadInfo(content).Duration : duration;
            if (id == ElementId.Tracks)
            {
                head = MatroskaTrack.Find(content) is { } track ? new(track, duration, end) : null;
                problem = "it has no track of audio";
                return true;
            }
        }

        return false;
    }
}
