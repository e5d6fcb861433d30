using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using SpeechStream.Gateway.Connections;
using SpeechStream.Gateway.Protocol;

namespace SpeechStream.Gateway.Recognizers.Script;

/// <summary>Runs the steps of one connection beside its normal service.</summary>
internal sealed class ScriptRunner(ConnectionScript script, ClientLink link, ServerEvents events, TimeProvider timeProvider)
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _readingStopped;
    private int _failed;

    public ScriptProgress Progress { get; } = new();

    /// <summary>Completes when all steps were run.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Whether a step failed the task; what the client sends then is ignored.</summary>
    public bool HasFailed => Volatile.Read(ref _failed) != 0;

    /// <summary>Returns when no step forbids reading.</summary>
    public Task ReadingAllowedAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _readingStopped)?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in script.Steps)
            {
                await RunAsync(step, cancellationToken).ConfigureAwait(false);
            }

            _finished.SetResult();
        }
        catch (OperationCanceledException)
        {
            _finished.SetCanceled(cancellationToken);
        }
    }

    private Task RunAsync(ScriptStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case { Wait: not null }:
                return Progress.UntilAsync(step, cancellationToken);
            case { Delay: { } ms }:
                return Task.Delay(TimeSpan.FromMilliseconds(ms), timeProvider, cancellationToken);
            case { Event: { } name }:
                return SendAsync(Event(step, name), WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Raw: { } text }:
                return SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Binary: { } data }:
                return SendAsync(data, WebSocketMessageType.Binary, step.Fragment, cancellationToken);
            case { Fail: { } status }:
                Volatile.Write(ref _failed, 1);
                var failure = events.Failed(Progress.TaskId, status, step.Text ?? "Gateway:SERVER_ERROR:Server error!");
                return SendAsync(failure, WebSocketMessageType.Text, step.Fragment, cancellationToken);
            case { Close: { } code }:
                Volatile.Write(ref _failed, 1);
                link.Outbox.Finish(null, (WebSocketCloseStatus)code, step.Reason);
                break;
            case { Abort: true }:
                link.EndStream();
                break;
            case { Reset: true }:
                link.Abort();
                break;
            case { Read: { } read }:
                SetReading(read);
                break;
        }

        return Task.CompletedTask;
    }

    private void SetReading(bool read)
    {
        var stopped = read ? null : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _readingStopped, stopped)?.TrySetResult();
    }

    private byte[] Event(ScriptStep step, string name)
    {
        var payload = (JsonObject?)step.Payload?.DeepClone();
        if (step.Pad > 0)
        {
            payload ??= [];
            payload["padding"] = new string('x', step.Pad);
        }

        return events.Message(name, Progress.TaskId, payload, header: step.Header);
    }

    /// <summary>Returns when it is written, so that a step that ends the connection doesn't overtake it.</summary>
    private async Task SendAsync(byte[] data, WebSocketMessageType type, int fragment, CancellationToken cancellationToken)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await link.Outbox.SendAsync(new Outgoing(data, type, fragment, sent)).ConfigureAwait(false);
        await sent.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
