using System.Buffers.Binary;
using SpeechStream.Audio.Formats;
using SpeechStream.Media.Decoding;

namespace SpeechStream.Media.Ffmpeg;

/// <summary>A temporary file for a recording that can't be decoded from its beginning, and comes from a stream.</summary>
internal static class Spool
{
    private const int BoxBytes = 8;
    private const int MostBytes = 1024 * 1024;

    /// <summary>Whether what the recording is decoded with may stand behind its audio: its index, or of WavPack a tag, whose bytes aren't audio. Waits for its first boxes, of which a live stream may give a few bytes at a time.</summary>
    public static async ValueTask<bool> IsNeededAsync(AudioSignature found, AudioInput input)
    {
        if (found != AudioSignature.Mp4 && found != AudioSignature.QuickTime)
        {
            return found.Name is "CAF" or "WavPack";
        }

        // ISO/IEC 14496-12: a file is a sequence of boxes; the index is in 'moov'.
        for (long at = 0; at <= MostBytes && await input.FillAsync((int)at + BoxBytes).ConfigureAwait(false);)
        {
            var (size, isIndex, isAudio) = ReadBox(input.Buffered.Span[(int)at..]);
            if (isIndex || isAudio || size < BoxBytes)
            {
                return !isIndex;
            }

            at += size;
        }

        return true;
    }

    private static (uint Size, bool IsIndex, bool IsAudio) ReadBox(ReadOnlySpan<byte> box) =>
        (BinaryPrimitives.ReadUInt32BigEndian(box), box[4..].StartsWith("moov"u8), box[4..].StartsWith("mdat"u8));

    /// <summary>Copies all of the input. The file is deleted when it is closed.</summary>
    public static async Task<FileStream> CopyAsync(AudioInput input)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        try
        {
            while (await input.FillAsync(1).ConfigureAwait(false))
            {
                await file.WriteAsync(input.Buffered, CancellationToken.None).ConfigureAwait(false);
                input.Take(input.Buffered.Length);
            }

            await file.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return file;
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
