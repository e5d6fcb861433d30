using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Opus;

/// <summary>Opus in Ogg (RFC 7845): also live, and several streams one after another, which are heard as one.</summary>
internal sealed class OggDecoder : Decoder
{
    private const int LongestPageBytes = 65307;

    // A shorter gap is a wrong time rather than lost audio, and what a longer one is, is unknown.
    private const int ShortestGap = OpusTrack.Rate / 50;
    private const int LongestGap = OpusTrack.Rate * 600;

    private readonly OggReader _reader;
    private OpusHead _head;
    private long? _lastGranule;
    private OggPackets _packets = new();
    private OpusTrack _track;
    private uint _serial;
    private long? _position;
    private long? _begin;
    private int _damaged;

    private OggDecoder(OggReader reader, uint serial, OpusHead head) => (_reader, _serial, _head, _track) = (reader, serial, head, new OpusTrack(head));

    public override AudioDescription Description => new()
    {
        Format = "Ogg",
        Codec = "Opus",
        SampleRate = OpusTrack.Rate,
        Channels = _head.Channels,
        Duration = _lastGranule - _begin - _head.PreSkip is > 0 and var duration ? TimeSpan.FromSeconds((double)duration / OpusTrack.Rate) : null,
        DecodedBy = AudioDecoder.Concentus,
    };

    public override IEnumerable<string> Warnings
    {
        get
        {
            if (_reader.Damaged > 0)
            {
                yield return Damaged("Parts of the file that can't be read", _reader.Damaged);
            }

            if (_damaged + _track.Damaged > 0)
            {
                yield return Damaged("Packets of Opus that can't be decoded", _damaged + _track.Damaged);
            }
        }
    }

    /// <exception cref="ArgumentException">It is malformed.</exception>
    public static async ValueTask<OggDecoder> OpenAsync(AudioInput input)
    {
        var last = await LastPageAsync(input).ConfigureAwait(false);
        var reader = new OggReader(input);
        while (await reader.ReadAsync().ConfigureAwait(false) is { } page)
        {
            if (page.IsFirst && OpusHead.IsHead(page.Body))
            {
                return new OggDecoder(reader, page.Serial, OpusHead.Read(page.Body)) { _lastGranule = last?.Serial == page.Serial ? last.Granule : null };
            }
        }

        throw new ArgumentException("The Opus audio is malformed: none of its pages is whole. Check the recording, and what recorded it.");
    }

    public override async IAsyncEnumerable<AudioBlock> DecodeAsync()
    {
        var isOver = false;
        while (await _reader.ReadAsync().ConfigureAwait(false) is { } page)
        {
            if (page.IsFirst && OpusHead.IsHead(page.Body) && (isOver || _position is not null))
            {
                Begin(page);
            }

            if (page.Serial != _serial)
            {
                continue;
            }

            isOver = page.IsLast;
            var packets = _packets.Read(page).Where(packet => !OpusHead.IsHead(packet) && !packet.AsSpan().StartsWith("OpusTags"u8)).ToList();
            if (packets.Count == 0)
            {
                continue;
            }

            var (missing, extra) = Advance(page, packets.Sum(packet => OpusTrack.DurationOf(packet)));
            foreach (var silence in _track.Silence(missing))
            {
                yield return silence;
            }

            var left = packets.Sum(packet => OpusTrack.DurationOf(packet));
            foreach (var packet in packets)
            {
                // What is to be trimmed of the page may be longer than its last packet.
                left -= OpusTrack.DurationOf(packet);
                yield return _track.Decode(packet, Math.Max(0, extra - left));
            }
        }
    }

    /// <summary>Another stream follows.</summary>
    private void Begin(OggPage page)
    {
        _damaged += _track.Damaged;
        (_serial, _head, _packets, _position) = (page.Serial, OpusHead.Read(page.Body), new OggPackets(), null);
        _track = new OpusTrack(_head);
    }

    /// <summary>Goes on to the end of a page. Returns how much audio is missing before it, and how much isn't heard at its end, in samples at 48 kHz.</summary>
    private (long Missing, long Extra) Advance(OggPage page, long duration)
    {
        // The stream may be the rest of a longer one (RFC 7845, section 4.3).
        var begin = _position ?? Math.Max(0, page.Granule - duration);
        _begin ??= begin;
        if (page.Granule < 0)
        {
            _position = begin + duration;
            return (0, 0);
        }

        // Small differences add up, or the loss of one packet here and there would shift all that follows.
        var missing = page.Granule - begin - duration;
        _position = Math.Abs(missing) > ShortestGap ? page.Granule : begin + duration;
        return (missing is > ShortestGap and < LongestGap ? missing : 0, page.IsLast ? Math.Clamp(-missing, 0, duration) : 0);
    }

    private static async ValueTask<OggPage?> LastPageAsync(AudioInput input)
    {
        var tail = await input.PeekAsync(Math.Max(0, (input.Length ?? 0) - LongestPageBytes), LongestPageBytes).ConfigureAwait(false);
        for (var at = tail.Length; (at = tail.AsSpan(0, at).LastIndexOf("OggS"u8)) >= 0;)
        {
            var rest = tail.AsSpan(at);
            if (rest.Length >= OggPage.HeaderBytes && OggPage.LengthOf(rest) is var length && length <= rest.Length && OggPage.Read(rest[..length]) is { Granule: > 0 } page)
            {
                return page;
            }
        }

        return null;
    }
}
