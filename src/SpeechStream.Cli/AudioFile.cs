using System.Runtime.CompilerServices;

namespace SpeechStream.Cli;

/// <summary>An argument of the command line: the path of a recording, or <c>-</c> for standard input.</summary>
internal static class AudioFile
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>By the extension; WAV is recognised by its content, so it counts as raw samples here.</summary>
    public static AudioFormat FormatOf(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".OPUS" or ".OGG" => AudioFormat.Opus,
        ".SPX" => AudioFormat.Speex,
        ".AMR" => AudioFormat.Amr,
        ".MP3" => AudioFormat.Mp3,
        ".AAC" => AudioFormat.Aac,
        _ => AudioFormat.Pcm,
    };

    public static bool IsInput(string file) => file == "-";

    /// <exception cref="ArgumentException">The file isn't what its name says, and would be heard as noise.</exception>
    public static async Task<Stream> OpenAsync(string file, Surroundings surroundings)
    {
        if (IsInput(file))
        {
            return surroundings.OpenInput();
        }

        if (Directory.Exists(file))
        {
            throw new ArgumentException("It is a folder. Name the recordings in it.");
        }

        var stream = File.OpenRead(file);
        if (!stream.CanSeek)
        {
            return stream;
        }

        try
        {
            var start = new byte[12];
            var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, CancellationToken.None).ConfigureAwait(false);
            Check(start.AsSpan(0, length), FormatOf(file), file);
            stream.Position = 0;
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Standard input, which Ctrl+C ends: what came before it is still transcribed, as whoever ends a live recording expects.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadUntilAsync(
        Stream input, CancellationToken interrupted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var piece = new byte[PieceBytes];
        for (var count = 1; count > 0;)
        {
            try
            {
                // A read of the console can't be cancelled: it is left to itself, and the process ends soon.
                count = await input.ReadAsync(piece, cancellationToken).AsTask().WaitAsync(interrupted).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                count = 0;
            }

            yield return piece.AsMemory(0, count);
        }
    }

    private static void Check(ReadOnlySpan<byte> start, AudioFormat format, string file)
    {
        if (start.IsEmpty)
        {
            throw new ArgumentException("The file is empty.");
        }

        var content = start.StartsWith("fLaC"u8) ? "FLAC"
            : start.StartsWith("ID3"u8) ? "MP3"
            : start.StartsWith("OggS"u8) ? "Ogg"
            : start.Length > 8 && start[4..].StartsWith("ftyp"u8) ? "MP4"
            : null;
        if (format == AudioFormat.Pcm && content is not null)
        {
            throw new ArgumentException($"This is {content}, and its name says raw samples. Convert it: ffmpeg -i {file} -ar 16000 -ac 1 -c:a pcm_s16le out.wav");
        }
    }
}
