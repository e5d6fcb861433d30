using System.Buffers.Binary;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>The outermost parts of an MP4 file (ISO/IEC 14496-12, section 4.2).</summary>
internal static class Mp4Boxes
{
    private const int HeaderBytes = 8;
    private const int LongHeaderBytes = 16;
    private const int Most = 1000;

    /// <summary>Whether another recording is behind the first one, as of <c>cat a.m4a b.m4a</c>. Fragments are one recording, however many there are.</summary>
    /// <param name="input">Nothing of it is taken. Of one that can't seek it isn't known.</param>
    public static async ValueTask<bool> HaveAnotherAsync(AudioInput input)
    {
        var (at, hasIndex, hasAudio) = (0L, false, false);
        for (var boxes = 0; boxes < Most; boxes++)
        {
            var box = await input.PeekAsync(at, LongHeaderBytes).ConfigureAwait(false);
            var size = SizeOf(box);
            if (size < HeaderBytes || box.AsSpan(4).StartsWith("moof"u8))
            {
                return false;
            }

            if (hasIndex && hasAudio && box.AsSpan(4).StartsWith("ftyp"u8))
            {
                return true;
            }

            hasIndex |= box.AsSpan(4).StartsWith("moov"u8);
            hasAudio |= box.AsSpan(4).StartsWith("mdat"u8);
            at += size;
        }

        return false;
    }

    /// <summary>0 of one that reaches to the end of the file, and of none.</summary>
    private static long SizeOf(ReadOnlySpan<byte> box) => box.Length < HeaderBytes ? 0
        : BinaryPrimitives.ReadUInt32BigEndian(box) is var size && size == 1 && box.Length == LongHeaderBytes ? BinaryPrimitives.ReadInt64BigEndian(box[HeaderBytes..])
        : size;
}
