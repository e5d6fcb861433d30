using System.Buffers.Binary;
using SpeechStream.Media.Conversion;

namespace SpeechStream.Media.Decoding;

/// <summary>AIFF, AIFF-C and RIFX with samples that aren't compressed.</summary>
internal sealed class BigEndianDecoder : Decoder
{
    private const int ChunkBytes = 8;

    private readonly AudioInput _input;
    private readonly BigEndianHeader _header;
    private long _read;
    private bool _isAtEnd;
    private bool _isFollowed;

    private BigEndianDecoder(AudioInput input, BigEndianHeader header, int targetRate)
    {
        (_input, _header) = (input, header);
        var there = input.Length - header.HeaderBytes;
        var bytes = header.DataBytes is { } promised ? Math.Min(promised, there ?? promised) : there;
        Description = WaveDecoder.Describe(header.Container, header.Format, bytes is null ? null : WaveDecoder.ToTime(bytes.Value, header.Format), targetRate);
    }

    public override AudioDescription Description { get; }

    public override IEnumerable<string> Warnings =>
        _isAtEnd && _header.DataBytes - _read is > 0 and var missing ? [CutOff(WaveDecoder.ToTime(_read, _header.Format), WaveDecoder.ToTime(missing, _header.Format))]
        : _isFollowed ? [Followed]
        : [];

    /// <summary>Null when the samples are compressed, or come before what describes them.</summary>
    /// <exception cref="ArgumentException">The header is malformed.</exception>
    public static async ValueTask<BigEndianDecoder?> TryOpenAsync(AudioInput input, int targetRate)
    {
        BigEndianHeader? header;
        while (!BigEndianHeader.TryRead(input.Buffered.Span, out header))
        {
            if (!await input.FillAsync(input.Buffered.Length + 1).ConfigureAwait(false))
            {
                throw new ArgumentException($"The audio ended within its header, after {input.Buffered.Length} bytes. Give the whole recording.");
            }
        }

        return header is null ? null : new BigEndianDecoder(input, header, targetRate);
    }

    public override async IAsyncEnumerable<AudioBlock> DecodeAsync()
    {
        var samples = new SampleReader(_header.Format, _header.IsBigEndian, _header.IsSigned8);
        var hasMore = await _input.SkipAsync(_header.HeaderBytes).ConfigureAwait(false);
        while (hasMore && (_header.DataBytes is not { } all || _read < all) && await _input.FillAsync(1).ConfigureAwait(false))
        {
            var count = (int)Math.Min(_input.Buffered.Length, (_header.DataBytes ?? long.MaxValue) - _read);
            var block = samples.Read(_input.Buffered.Span[..count]);
            _input.Take(count);
            _read += count;
            yield return block;
        }

        _isAtEnd = true;
        _isFollowed = await IsFollowedAsync().ConfigureAwait(false);
    }

    /// <summary>Whether another header is behind the audio and the chunks that follow it.</summary>
    private async ValueTask<bool> IsFollowedAsync()
    {
        // Behind audio of odd length is a byte of padding.
        for (var size = _read & 1; await _input.SkipAsync(size).ConfigureAwait(false) && await _input.FillAsync(ChunkBytes).ConfigureAwait(false); size = ChunkBytes + size + (size & 1))
        {
            if (_input.Buffered.Span.StartsWith("FORM"u8) || _input.Buffered.Span.StartsWith("RIFX"u8))
            {
                return true;
            }

            size = BinaryPrimitives.ReadUInt32BigEndian(_input.Buffered.Span[4..]);
        }

        return false;
    }
}
