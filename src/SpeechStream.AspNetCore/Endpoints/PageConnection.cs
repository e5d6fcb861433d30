using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using SpeechStream.AspNetCore.Diagnostics;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>One connection of a page. The session may have had others before, and may have others after it.</summary>
internal sealed class PageConnection(PageSocket socket, LiveSessions sessions, SessionRequest request)
{
    /// <summary>How long nothing is said before the page is told that the connection is alive.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <summary>How long a page has for its first message.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    /// <summary>How long the service is waited for when a page has said everything and left.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(10);

    /// <param name="aborted">Canceled when the connection is lost.</param>
    public async Task RunAsync(CancellationToken aborted)
    {
        try
        {
            var first = await ReceiveFirstAsync(aborted).ConfigureAwait(false);
            await (first.IsClose ? CloseAsync() : RunAsync(first, aborted)).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("status", refused.Error.Status));
            Log.Refused(sessions.Logger, refused.Error.Status, refused.Error.Message);
            await socket.RefuseAsync(refused.Error).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is lost, or a newer one of the same page has displaced it.
            socket.Abort();
        }
    }

    private async Task RunAsync(PageMessage first, CancellationToken aborted)
    {
        var (session, attachment, newKey, isKept) = await AttachAsync(first.Control, aborted).ConfigureAwait(false);
        using (attachment)
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(attachment.Lost);
            using var taken = new CancellationTokenSource();
            using var audio = new ReadAhead(session);
            using var cut = attachment.Lost.UnsafeRegister(
                _ =>
                {
                    socket.Abort();
                    if (!HasSaidEverything(audio))
                    {
                        taken.Cancel();
                    }
                },
                null);
            var seen = first.Control is { Type: "resume" } resume ? resume.Seen : 0;
            var sending = SendAsync(session, new(session.Id, newKey, session.Received, isKept, request.Rate, audio.Bytes), seen, over.Token);
            var taking = audio.TakeAsync(taken.Token);
            var receiving = ReceiveAsync(audio, first, attachment.Lost);
            var draining = sessions.DrainAsync(session, over.Token);
            try
            {
                // The session has said everything, or the page closes, or the connection is lost.
                await (await Task.WhenAny(sending, receiving).ConfigureAwait(false)).ConfigureAwait(false);
                if (receiving.IsCompleted && socket.IsLeft && !HasSaidEverything(audio))
                {
                    session.EndAudio();
                }

                await over.CancelAsync().ConfigureAwait(false);
                await PageSocket.SettleAsync(sending, sessions.Time, attachment.Cut).ConfigureAwait(false);
                await CloseAsync().ConfigureAwait(false);
            }
            finally
            {
                // Also when the connection broke meanwhile: a tab that is closed waits for no answer.
                if (HasSaidEverything(audio))
                {
                    await FinishAsync(session, taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                else if (socket.IsLeft)
                {
                    session.EndAudio();
                }

                // Nothing of this connection may run any more when the next one writes.
                await taken.CancelAsync().ConfigureAwait(false);
                await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await over.CancelAsync().ConfigureAwait(false);
                await draining.ConfigureAwait(false);
                await PageSocket.SettleAsync(sending, sessions.Time, attachment.Cut).ConfigureAwait(false);
                await PageSocket.SettleAsync(receiving, sessions.Time, attachment.Cut).ConfigureAwait(false);
                if (!session.Log.IsComplete && !socket.IsLeft && !sessions.Stopping.IsCancellationRequested)
                {
                    Log.PageLost(sessions.Logger, session.Id);
                }
            }
        }
    }

    /// <summary>Whether the page has left, and all of its audio is here, for those who view it.</summary>
    private bool HasSaidEverything(ReadAhead audio) => audio.IsEnded && socket is { IsLeft: true, IsStopped: false };

    /// <summary>Has the session take the rest of the audio, if there is a service to hear it.</summary>
    private async Task FinishAsync(LiveSession session, Task taking)
    {
        session.MarkSaid();
        await session.Starting.WaitAsync(Start, sessions.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!session.Starting.IsCompleted)
        {
            session.EndAudio(new RefusedException(Refusal.Unreachable));
        }

        await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        session.EndAudio();
    }

    /// <summary>Says that nothing more comes, and whether that is because the server stops.</summary>
    private Task CloseAsync() => socket.CloseAsync(sessions.Stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure);

    private async Task<PageMessage> ReceiveFirstAsync(CancellationToken aborted)
    {
        using var late = new CancellationTokenSource(First, sessions.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, aborted);
        return await socket.ReceiveAsync(both.Token).ConfigureAwait(false);
    }

    /// <summary>Takes up the session that the page names, or begins one.</summary>
    /// <returns>The session, the hold on it, the key if the page doesn't have it yet, and whether this server still had the session.</returns>
    private async Task<(LiveSession Session, Attachment Attachment, string? NewKey, bool IsKept)> AttachAsync(ControlMessage? control, CancellationToken aborted)
    {
        var (key, isNew) = control switch
        {
            { Type: "resume", Key: var named } => SessionKey.IsValid(named) ? (named!, false) : throw new RefusedException(Refusal.Unreadable),
            _ => (SessionKey.New(), true),
        };
        if (!isNew && sessions.Find(SessionKey.IdOf(key)) is { MayGoOnElsewhere: false } kept)
        {
            if (kept.Request.Login != request.Login)
            {
                throw new RefusedException(Refusal.Stolen);
            }

            if (kept.Request.Rate != request.Rate)
            {
                throw new RefusedException(Refusal.OtherAudio);
            }

            if (await kept.AttachAsync(aborted).ConfigureAwait(false) is { } again)
            {
                Telemetry.Resumed.Add(1, new KeyValuePair<string, object?>("here", true));
                Log.Resumed(sessions.Logger, kept.Id);
                return (kept, again, null, true);
            }
        }

        if (!isNew)
        {
            Telemetry.Resumed.Add(1, new KeyValuePair<string, object?>("here", false));
            request.Options.ResumeFrom = ResumePointOf(control!);
        }

        var begun = sessions.Start(key, request, isNew ? 0 : control!.Seen);
        return await begun.AttachAsync(aborted).ConfigureAwait(false) is { } attachment
            ? (begun, attachment, isNew ? key : null, false)
            : throw new RefusedException(Refusal.Stopping);
    }

    /// <summary>Where the audio begins that the page has kept, at a whole sample.</summary>
    private ResumePoint ResumePointOf(ControlMessage control) => new(
        control.Sentences,
        request.Rate is { } rate ? TimeSpan.FromSeconds(Math.Round(control.Time * rate / 1000) / rate) : TimeSpan.FromMilliseconds(control.Time));

    /// <summary>Says which session it is, and everything that the session says, to its end.</summary>
    private async Task SendAsync(LiveSession session, SessionMessage greeting, long seen, CancellationToken over)
    {
        await SendAsync(greeting).ConfigureAwait(false);
        await foreach (var entry in session.Log.ReadAsync(seen, Idle, sessions.Time, isTouched: true, over).ConfigureAwait(false))
        {
            if (entry.Message.IsEmpty)
            {
                await SendAsync(new ReceivedMessage(session.Received)).ConfigureAwait(false);
            }
            else
            {
                await socket.SendAsync(entry.Message).ConfigureAwait(false);
            }
        }
    }

    private Task SendAsync(ServerMessage message) => socket.SendAsync(MessageJson.Write(message));

    /// <summary>Takes audio and the end, until the page closes.</summary>
    private async Task ReceiveAsync(ReadAhead audio, PageMessage first, CancellationToken lost)
    {
        // The start or the resumption is done by now.
        var message = first.Control is { Type: not "end" } ? await socket.ReceiveAsync(lost).ConfigureAwait(false) : first;
        for (; !message.IsClose; message = await socket.ReceiveAsync(lost).ConfigureAwait(false))
        {
            switch (message.Control?.Type)
            {
                case null:
                    await audio.AddAsync(message.Audio, lost).ConfigureAwait(false);
                    break;
                case "end":
                    audio.End();
                    break;
                default:
                    throw new RefusedException(Refusal.Unreadable);
            }
        }
    }
}
