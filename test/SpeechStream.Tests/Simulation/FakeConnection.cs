using System.Net.WebSockets;
using System.Text;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Simulation;

/// <summary>A connection in memory: everything happens on the thread that causes it. Locked, since a few tests have a second thread.</summary>
internal sealed class FakeConnection : IConnection
{
    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Message, Action? Read)> _received = new();
    private TaskCompletionSource<Received>? _receiving;
    private readonly TaskCompletionSource _goodbye = new();
    private TaskCompletionSource? _sending;
    private SpeechStreamException? _broken;
    private bool _closing;
    private bool _gathering;

    /// <summary>Told of each message that the client sends.</summary>
    public Action<ReadOnlyMemory<byte>, bool> Sent { get; set; } = (_, _) => { };

    public Closed Closed { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool IsBroken => _broken is not null || IsDisposed;

    /// <summary>Sends wait for ever, as to a peer that doesn't read.</summary>
    public bool BlocksSends { get; set; }

    /// <summary>Sends fail, but what the service says still comes.</summary>
    public bool FailsSends { get; set; }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        if (FailsSends)
        {
            return ValueTask.FromException(new SpeechConnectionException("The send failed.") { IsTransient = true });
        }

        if (_broken is not null)
        {
            return ValueTask.FromException(_broken);
        }

        if (BlocksSends)
        {
            _sending = new();
            return new ValueTask(_sending.Task);
        }

        Sent(message, isText);
        return _broken is null ? ValueTask.CompletedTask : ValueTask.FromException(_broken);
    }

    /// <summary>The client waits for a message.</summary>
    public bool IsWaitedFor => Volatile.Read(ref _receiving) is not null;

    public ValueTask<Received> ReceiveAsync()
    {
        lock (_lock)
        {
            if (_received.Count == 0 && !_closing && _broken is null)
            {
                return new ValueTask<Received>((_receiving = new()).Task);
            }
        }

        return Next();
    }

    /// <summary>The service sends a message.</summary>
    /// <param name="json">The message.</param>
    /// <param name="read">Called when the client reads it, which it never does when the connection breaks before.</param>
    public void Deliver(string json, Action? read = null)
    {
        lock (_lock)
        {
            if (IsBroken || _closing)
            {
                return;
            }

            _received.Enqueue((Encoding.UTF8.GetBytes(json), read));
        }

        Wake();
    }

    /// <summary>What the service says in the action comes at once: the client can read the next message as soon as it has read one.</summary>
    public void DeliverTogether(Action say)
    {
        _gathering = true;
        say();
        _gathering = false;
        Wake();
    }

    /// <summary>The service closes; what it sent before is read first.</summary>
    public void CloseFromService(WebSocketCloseStatus? status)
    {
        lock (_lock)
        {
            if (IsBroken)
            {
                return;
            }

            Closed = new(status, null);
            _closing = true;
        }

        Wake();
    }

    /// <summary>The cable is pulled: what wasn't read is lost.</summary>
    public void Break()
    {
        lock (_lock)
        {
            if (_broken is not null)
            {
                return;
            }

            _broken = new SpeechConnectionException("The cable was pulled.") { IsTransient = true };
            _received.Clear();
        }

        Wake();
        _sending?.TrySetException(_broken);
    }

    /// <summary>The service doesn't answer the client's close frame.</summary>
    public bool HoldsGoodbye { get; set; }

    public Task CloseAsync(TimeSpan timeout) => HoldsGoodbye ? _goodbye.Task : Task.CompletedTask;

    /// <summary>Called before the client's abort takes effect, as for a message that is read at that instant.</summary>
    public Action Aborting { get; set; } = () => { };

    public void Abort()
    {
        Aborting();
        Break();
    }

    public void Dispose()
    {
        Break();
        IsDisposed = true;
        _goodbye.TrySetResult();
    }

    private void Wake()
    {
        if (_gathering || Interlocked.Exchange(ref _receiving, null) is not { } receiving)
        {
            return;
        }

        var next = Next();
        if (next.IsCompletedSuccessfully)
        {
            receiving.SetResult(next.Result);
        }
        else
        {
            receiving.SetException(_broken!);
        }
    }

    /// <summary>What comes next, given that something does.</summary>
    private ValueTask<Received> Next()
    {
        lock (_lock)
        {
            if (_received.TryDequeue(out var next))
            {
                next.Read?.Invoke();
                return new(new Received(MessageKind.Text, next.Message));
            }

            return _closing ? new(new Received(MessageKind.Close, default))
                : ValueTask.FromException<Received>(_broken!);
        }
    }
}
