using System.Buffers.Binary;
using System.IO.Pipelines;
using SpeechStream.Media;

namespace SpeechStream.AspNetCore.Sessions;

/// <summary>The way of a page's audio into a session: straight, if it is what the session sends, else through the converter of <c>SpeechStream.Media</c>.</summary>
internal static class AudioInlet
{
    private static readonly PipeOptions Bounded = new(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false);

    /// <param name="session">The session.</param>
    /// <param name="rate">Samples per second of 16-bit mono PCM; null for audio in a container.</param>
    /// <param name="wanted">Samples per second of the session.</param>
    /// <returns>Where the audio is written, and what runs until all of it is converted.</returns>
    public static (PipeWriter Writer, Task Converting) Open(TranscriptionSession session, int? rate, int wanted)
    {
        if (rate == wanted)
        {
            return (session.Audio, Task.CompletedTask);
        }

        var pipe = new Pipe(Bounded);
        if (rate is { } samples)
        {
            WriteHeader(pipe.Writer, samples);
        }

        return (pipe.Writer, ConvertAsync(pipe.Reader, session, wanted));
    }

    private static async Task ConvertAsync(PipeReader reader, TranscriptionSession session, int wanted)
    {
        try
        {
            await Task.Yield();
            var stream = reader.AsStream();
            await using (stream.ConfigureAwait(false))
            {
                var source = await AudioSource.OpenAsync(stream, new() { SampleRate = wanted }).ConfigureAwait(false);
                await using (source.ConfigureAwait(false))
                {
                    await foreach (var piece in source.ReadAsync().ConfigureAwait(false))
                    {
                        if ((await session.Audio.WriteAsync(piece).ConfigureAwait(false)).IsCompleted)
                        {
                            break;
                        }
                    }
                }
            }

            await session.Audio.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The session ends with it, and its events throw it.
            await session.Audio.CompleteAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>The header of a WAV whose length isn't known yet.</summary>
    private static void WriteHeader(PipeWriter writer, int rate)
    {
        const int length = 44;
        var header = writer.GetSpan(length)[..length];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], uint.MaxValue);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], uint.MaxValue);
        writer.Advance(length);
    }
}
