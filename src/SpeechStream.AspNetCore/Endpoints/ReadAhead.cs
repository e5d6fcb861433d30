using System.Buffers;
using System.IO.Pipelines;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>Audio of one connection that was read before its session takes it, in real time, so that what the page says behind it is heard at once.</summary>
internal sealed class ReadAhead(LiveSession session) : IDisposable
{
    private const int Least = 128 * 1024;
    private const int BytesIn4Seconds = 4 * 2; // for each sample a second
    private const int Piece = 16 * 1024; // what the session takes at once

    // The piece that the session is taking counts as taken, and is still here.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: BytesFor(session) + Piece + 1, resumeWriterThreshold: BytesFor(session) / 2, useSynchronizationContext: false));

    /// <summary>How many bytes a page can have on their way, beyond those that the session has taken, and still be heard at once.</summary>
    public int Bytes { get; } = BytesFor(session);

    /// <summary>Whether the page has said that there is no more audio.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Adds audio, and waits while there is more than a page should send. Does nothing after the end.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        if (!IsEnded)
        {
            await _pipe.Writer.WriteAsync(audio, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>There is no more audio.</summary>
    public void End()
    {
        IsEnded = true;
        _pipe.Writer.Complete();
    }

    /// <summary>Hands the audio to the session, and then the end.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled. What the session hasn't taken by then, the page has to send again.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var read = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (read.Buffer.IsEmpty)
                {
                    session.EndAudio();
                    return;
                }

                var piece = read.Buffer.First[..Math.Min(Piece, read.Buffer.First.Length)];
                var before = session.Received;
                await session.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                if (before / Reported != session.Received / Reported)
                {
                    session.Log.Touch();
                }

                _pipe.Reader.AdvanceTo(read.Buffer.GetPosition(piece.Length));
            }
        }
        finally
        {
            // What a page still sends is discarded then, so that it can read why.
            await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    // After so many bytes the page is told, also while other messages come.
    private int Reported => Bytes / 4;

    private static int BytesFor(LiveSession session) => Math.Max(Least, BytesIn4Seconds * (session.Request.Rate ?? 0));

    /// <summary>Called when nothing is added or taken any more.</summary>
    public void Dispose()
    {
        _pipe.Writer.Complete();
        _pipe.Reader.Complete();
    }
}
