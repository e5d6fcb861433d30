using System.Net.WebSockets;
using System.Text;
using SpeechStream.Gateway.Cassettes;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Replay;

/// <summary>Serves one connection as the service did on a recorded one.</summary>
internal sealed class ReplayConnection(
    IReadOnlyList<ReplayStep> steps, ClientLink link, ITaskProtocol protocol, TaskSlots slots, TimeProvider timeProvider, double speed)
{
    private const int UsualBytesPerMillisecond = 32;

    /// <summary>The system sends what it has, acknowledgements of TCP included, in less time than this, and drops at a reset what it hasn't sent.</summary>
    private static readonly TimeSpan LongestTransit = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take to answer a close frame, or the end of the stream.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientProgress _progress = new(timeProvider);
    private readonly Lock _lock = new();
    private readonly List<string> _taskIds = [];
    private double _bytesPerMillisecond = UsualBytesPerMillisecond;

    public async Task RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var sending = link.Outbox.RunAsync();
        var reading = ReadAsync();
        var playing = PlayAsync(ended.Token);
        try
        {
            if (await Task.WhenAny(reading, sending).ConfigureAwait(false) == reading)
            {
                await ended.CancelAsync().ConfigureAwait(false);
                link.Outbox.Finish(null, WebSocketCloseStatus.NormalClosure);
            }

            await Task.WhenAll(reading, sending).WaitAsync(CloseTimeout, timeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            link.Abort();
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, sending, playing).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when the client closed or is gone.</summary>
    private async Task ReadAsync()
    {
        while (true)
        {
            var message = await link.Reader.ReadAsync().ConfigureAwait(false);
            switch (message.Kind)
            {
                case IncomingKind.Text:
                    OnCommand(protocol.Recognize(message.Data));
                    break;
                case IncomingKind.Audio:
                    var length = TimeSpan.FromMilliseconds(message.Data.Length / _bytesPerMillisecond);
                    _progress.Move(position => position with { Audio = position.Audio + length });
                    break;
                case IncomingKind.Close:
                    return;
                default:
                    link.Abort();
                    return;
            }
        }
    }

    private void OnCommand(Command? command)
    {
        if (command?.Kind == CommandKind.Start)
        {
            if (slots.TryTake())
            {
                slots.Release();
            }

            _bytesPerMillisecond = RateOf(command);
            lock (_lock)
            {
                _taskIds.Add(command.TaskId);
            }
        }

        _progress.Move(position => position.With(command?.Kind));
    }

    private double RateOf(Command start)
    {
        try
        {
            return protocol.ReadParameters(start).BytesPerMillisecond;
        }
        catch (TaskFailure)
        {
            // The cassette says what the service thinks of such parameters.
            return UsualBytesPerMillisecond;
        }
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in steps)
            {
                var passed = await _progress.UntilAsync(step.After, cancellationToken).ConfigureAwait(false);
                var delay = step.Delay / speed - passed;
                if (step.Entry.Kind == CassetteKind.Lost && delay < LongestTransit)
                {
                    delay = LongestTransit;
                }

                if (delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, timeProvider, cancellationToken).ConfigureAwait(false);
                }

                await DoAsync(step, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The connection ended before its recording did.
        }
        catch (TimeoutException)
        {
            // The recorded client took each message, and this one takes nothing any more.
            link.Abort();
        }
    }

    private async Task DoAsync(ReplayStep step, CancellationToken cancellationToken)
    {
        switch (step.Entry)
        {
            case { Kind: CassetteKind.Server }:
                // Returns when it is written, so that a step that ends the connection doesn't overtake it.
                var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var type = step.Entry.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
                await link.Outbox.SendAsync(new OutgoingMessage(WithTaskIds(step), type, 0, sent)).ConfigureAwait(false);
                await sent.Task.WaitAsync(protocol.IdleTimeout, timeProvider, cancellationToken).ConfigureAwait(false);
                break;
            case { Kind: CassetteKind.Close, Status: var status, Text: var reason }:
                link.Outbox.Finish(null, (WebSocketCloseStatus)(status ?? (int)WebSocketCloseStatus.Empty), status is null ? null : reason);
                break;
            case { How: "end" }:
                link.EndStream();
                link.Outbox.Finish(null, null);
                break;
            default:
                // Also for a peer that answered no pings: a client that sends none would wait for ever.
                link.Abort();
                break;
        }
    }

    /// <summary>The message, about the client's tasks in place of the recorded ones.</summary>
    private ReadOnlyMemory<byte> WithTaskIds(ReplayStep step)
    {
        if (step.Entry.IsBinary)
        {
            return step.Entry.Message;
        }

        var text = new StringBuilder(Encoding.UTF8.GetString(step.Entry.Message.Span));
        lock (_lock)
        {
            foreach (var (recorded, own) in step.TaskIds.Zip(_taskIds).Where(pair => pair.First.Length > 0))
            {
                text.Replace(recorded, own);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
