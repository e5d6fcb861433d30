using System.Buffers.Binary;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Audio;

/// <summary>Takes the RIFF header off a stream that comes in pieces of any size.</summary>
/// <remarks>Written apart from the library's parser on purpose; the README says why.</remarks>
internal sealed class WaveHeaderStripper
{
    private const int Largest = 64 * 1024;
    private const int RiffSize = 12;
    private const int ChunkHeaderSize = 8;
    private byte[] _start = [];
    private bool _passed;

    /// <summary>The samples in this piece; empty while the header isn't complete.</summary>
    /// <exception cref="TaskFailure">It is no RIFF header, or an endless one.</exception>
    public ReadOnlyMemory<byte> Strip(ReadOnlyMemory<byte> piece)
    {
        if (_passed)
        {
            return piece;
        }

        _start = [.. _start, .. piece.Span];
        if (DataOffset(_start) is not { } offset)
        {
            return _start.Length <= Largest ? default(ReadOnlyMemory<byte>) : throw new TaskFailure(FailureCause.WaveHeader, "Too large");
        }

        _passed = true;
        return _start.AsMemory(offset);
    }

    /// <summary>Where the <c>data</c> chunk's content begins; null if more bytes are needed to tell.</summary>
    private static int? DataOffset(ReadOnlySpan<byte> start)
    {
        if (!Agree(start, "RIFF"u8) || start.Length > 8 && !Agree(start[8..], "WAVE"u8))
        {
            throw new TaskFailure(FailureCause.WaveHeader, "Invalid");
        }

        var at = (long)RiffSize;
        while (at + ChunkHeaderSize <= start.Length)
        {
            var chunk = start[(int)at..];
            if (chunk.StartsWith("data"u8))
            {
                return (int)at + ChunkHeaderSize;
            }

            // Chunks are padded to an even length.
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += ChunkHeaderSize + size + size % 2;
        }

        return null;
    }

    private static bool Agree(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> expected)
    {
        var length = Math.Min(bytes.Length, expected.Length);
        return bytes[..length].SequenceEqual(expected[..length]);
    }
}
