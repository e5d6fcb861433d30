using SpeechStream.Media.Decoding;
using SpeechStream.Media.Opus;

namespace SpeechStream.Media.Matroska;

/// <summary>Opus in WebM or Matroska: files, and what a browser records, whose length isn't known and which may follow one another.</summary>
internal sealed class MatroskaDecoder : Decoder
{
    private const int BlockHeaderBytes = 11;

    // Times are rounded, and clocks differ: a browser's times jump by some tens of milliseconds. What a longer gap is, is unknown.
    private const long ShortestGap = OpusTrack.Rate / 5;
    private const long LongestGap = OpusTrack.Rate * 600L;

    private readonly string _container;
    private readonly MatroskaReader _reader;
    private readonly OpusHead _head;
    private readonly TimeSpan? _duration;
    private MatroskaTrack? _track;
    private OpusTrack? _opus;
    private long _scale = 1_000_000;
    private long _cluster;

    // Where the audio that is decoded ends, in samples at 48 kHz of the file's own times; null before the first block.
    private long? _position;
    private int _damaged;

    private MatroskaDecoder(AudioInput input, MatroskaHead head, string container)
    {
        (_container, _duration, _reader) = (container, head.Duration, new MatroskaReader(input));
        _head = OpusHead.Read(head.Track.Private);
    }

    public override AudioDescription Description => new()
    {
        Format = _container,
        Codec = "Opus",
        SampleRate = OpusTrack.Rate,
        Channels = _head.Channels,
        Duration = _duration,
        DecodedBy = AudioDecoder.Concentus,
    };

    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_reader.IsCutOff)
            {
                yield return "The audio is cut off: the file ends in the middle of an element.";
            }

            if (_reader.Damaged > 0)
            {
                yield return Damaged("Parts of the file that can't be read", _reader.Damaged);
            }

            if (_damaged + (_opus?.Damaged ?? 0) is > 0 and var packets)
            {
                yield return Damaged("Packets of Opus that can't be decoded", packets);
            }
        }
    }

    /// <summary>Null when the audio is in another codec than Opus, or that isn't known.</summary>
    /// <exception cref="ArgumentException">It is malformed, or has no audio.</exception>
    public static async ValueTask<MatroskaDecoder?> TryOpenAsync(AudioInput input, string container)
    {
        var head = await MatroskaHead.PeekAsync(input, container).ConfigureAwait(false);
        return head is { Track.IsOpus: true } ? new MatroskaDecoder(input, head, container) : null;
    }

    public override async IAsyncEnumerable<AudioBlock> DecodeAsync()
    {
        // A block in a group waits until it is known whether its end is to be discarded, which stands behind it.
        var (waiting, discarded) = (new List<ReadOnlyMemory<byte>>(), 0L);
        for (var hasMore = true; hasMore;)
        {
            hasMore = await _reader.MoveNextAsync().ConfigureAwait(false);
            if (_reader.Id == ElementId.DiscardPadding)
            {
                discarded = Math.Max(0, Ebml.ReadSigned(await _reader.ReadAsync().ConfigureAwait(false)) / 1000 * OpusTrack.Rate / 1_000_000);
                continue;
            }

            foreach (var block in Decode(waiting, discarded))
            {
                yield return block;
            }

            (waiting, discarded) = ([], 0);
            if (_reader.Id is not (ElementId.SimpleBlock or ElementId.Block))
            {
                await ReadAsync().ConfigureAwait(false);
                continue;
            }

            (waiting, var missing) = await ReadBlockAsync().ConfigureAwait(false);
            foreach (var silence in _opus?.Silence(missing) ?? [])
            {
                yield return silence;
            }

            if (_reader.Id == ElementId.SimpleBlock)
            {
                foreach (var block in Decode(waiting, discarded: 0))
                {
                    yield return block;
                }

                waiting = [];
            }
        }
    }

    private IEnumerable<AudioBlock> Decode(List<ReadOnlyMemory<byte>> packets, long discarded)
    {
        for (var i = 0; i < packets.Count; i++)
        {
            _position += OpusTrack.DurationOf(packets[i].Span);
            yield return _opus!.Decode(packets[i].Span, i == packets.Count - 1 ? discarded : 0);
        }
    }

    /// <summary>Takes what an element says that isn't a block.</summary>
    private async ValueTask ReadAsync()
    {
        switch (_reader.Id)
        {
            case ElementId.Header:
                // Another file follows.
                (_track, _position, _cluster) = (null, null, 0);
                await _reader.SkipAsync().ConfigureAwait(false);
                break;
            case ElementId.Info:
                (_scale, _) = MatroskaHead.ReadInfo(await _reader.ReadAsync().ConfigureAwait(false));
                break;
            case ElementId.Tracks when _track is null:
                Begin(MatroskaTrack.Find(await _reader.ReadAsync().ConfigureAwait(false)));
                break;
            case ElementId.Timestamp:
                _cluster = Ebml.ReadUnsigned(await _reader.ReadAsync().ConfigureAwait(false));
                break;
            default:
                await _reader.SkipAsync().ConfigureAwait(false);
                break;
        }
    }

    private void Begin(MatroskaTrack? track)
    {
        if (track is not { IsOpus: true })
        {
            throw new ArgumentException($"Another {_container} recording follows the audio, without Opus. Transcribe the recordings one by one.");
        }

        _damaged += _opus?.Damaged ?? 0;
        (_track, _opus) = (track, new OpusTrack(OpusHead.Read(track.Private)));
    }

    /// <summary>The packets of a block, and how much audio is missing before it, in samples at 48 kHz.</summary>
    private async ValueTask<(List<ReadOnlyMemory<byte>> Packets, long Missing)> ReadBlockAsync()
    {
        var start = await _reader.PeekAsync(BlockHeaderBytes).ConfigureAwait(false);
        var header = BlockReader.ReadHeader(start.Span, out var track, out var time, out var lacing);
        var begin = Math.Clamp((double)(_cluster + time) * _scale / 1e9 * OpusTrack.Rate, -1e15, 1e15);

        // The time of the first block is where the recording begins, in whatever track it is: pictures may come before the sound.
        _position ??= (long)begin;
        if (header == 0 || _track is null || track != _track.Number)
        {
            await _reader.SkipAsync().ConfigureAwait(false);
            return ([], 0);
        }

        var missing = (long)begin - _position.Value;
        _position = Math.Abs(missing) > ShortestGap ? (long)begin : _position;
        var content = await _reader.ReadAsync().ConfigureAwait(false);
        return (content.Length == 0 ? [] : BlockReader.Divide(content.AsMemory(header), lacing), missing is > ShortestGap and < LongestGap ? missing : 0);
    }
}
