using System.Buffers;
using System.Runtime.CompilerServices;
using SpeechStream.Audio.Formats;

namespace SpeechStream.Cli;

/// <summary>A recording of the command line, or standard input, whose beginning was read to see what it is.</summary>
internal sealed class AudioFile(Stream stream, ReadOnlyMemory<byte> start, AudioFormat format) : IAsyncDisposable
{
    private const int PieceBytes = 16 * 1024;
    private const int SampleBytes = 2;

    /// <summary>As the session is to take it. WAV counts as raw samples, whose header the library recognizes.</summary>
    public AudioFormat Format => format;

    /// <param name="file">The argument.</param>
    /// <param name="isRaw">Audio that has no known header is raw samples, whatever its name is.</param>
    /// <param name="surroundings">Has standard input.</param>
    /// <param name="interrupted">Ends standard input, as its end does.</param>
    /// <exception cref="ArgumentException">It isn't audio that can be transcribed, and would be heard as noise.</exception>
    public static async Task<AudioFile> OpenAsync(string file, bool isRaw, Surroundings surroundings, CancellationToken interrupted)
    {
        if (Directory.Exists(file))
        {
            throw new ArgumentException("It is a folder. Name the recordings in it.");
        }

        var stream = FileName.IsInput(file) ? surroundings.OpenInput() : File.OpenRead(file);
        try
        {
            var named = FileName.FormatOf(file);
            var (start, isWhole) = (new ArrayBufferWriter<byte>(), false);
            AudioSignature? found;
            while (!AudioSignature.TryRecognize(start.WrittenSpan, isWhole, withFrames: !isRaw && named != AudioFormat.Pcm, out found))
            {
                var count = await ReadAsync(stream, start.GetMemory(PieceBytes), FileName.IsInput(file) ? interrupted : CancellationToken.None).ConfigureAwait(false);
                start.Advance(count);
                isWhole = count == 0;
            }

            if (isWhole && start.WrittenCount < SampleBytes)
            {
                throw new ArgumentException("0 s of audio: it is empty.");
            }

            return new AudioFile(stream, start.WrittenMemory, Refusal.Check(file, found, named, isRaw));
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>All of it, until Ctrl+C where that ends it: what came before is still transcribed, as whoever ends a live recording expects.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadUntilAsync(CancellationToken interrupted, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return start;
        var piece = new byte[PieceBytes];
        while (!cancellationToken.IsCancellationRequested && await ReadAsync(stream, piece, interrupted).ConfigureAwait(false) is > 0 and var count)
        {
            yield return piece.AsMemory(0, count);
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static async Task<int> ReadAsync(Stream stream, Memory<byte> piece, CancellationToken interrupted)
    {
        try
        {
            // A read of the console can't be canceled: it is left to itself, and the process ends soon.
            return await stream.ReadAsync(piece, CancellationToken.None).AsTask().WaitAsync(interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return 0;
        }
    }
}
