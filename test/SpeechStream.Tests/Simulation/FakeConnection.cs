using System.Net.WebSockets;
using System.Text;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Simulation;

/// <summary>A connection in memory: everything happens on the thread that causes it. The service's side of it is a <see cref="FakeTask"/>.</summary>
internal sealed class FakeConnection : IConnection
{
    private readonly Queue<byte[]> _received = new();
    private TaskCompletionSource<Received>? _receiving;
    private TaskCompletionSource? _sending;
    private SpeechStreamException? _broken;
    private bool _closing;

    /// <summary>Told of each message that the client sends.</summary>
    public Action<ReadOnlyMemory<byte>, bool> Sent { get; set; } = (_, _) => { };

    public Closed Closed { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool IsBroken => _broken is not null || IsDisposed;

    /// <summary>Sends wait for ever, as to a peer that doesn't read.</summary>
    public bool BlocksSends { get; set; }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText)
    {
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

    public ValueTask<Received> ReceiveAsync()
    {
        if (_received.TryDequeue(out var message))
        {
            return ValueTask.FromResult(new Received(MessageKind.Text, message));
        }

        if (_closing)
        {
            return ValueTask.FromResult(new Received(MessageKind.Close, default));
        }

        if (_broken is not null)
        {
            return ValueTask.FromException<Received>(_broken);
        }

        _receiving = new();
        return new ValueTask<Received>(_receiving.Task);
    }

    public void Deliver(string json)
    {
        if (!IsBroken && !_closing)
        {
            _received.Enqueue(Encoding.UTF8.GetBytes(json));
            Wake();
        }
    }

    /// <summary>The service closes; what it sent before is read first.</summary>
    public void CloseFromService(WebSocketCloseStatus? status)
    {
        if (!IsBroken)
        {
            Closed = new(status, null);
            _closing = true;
            Wake();
        }
    }

    /// <summary>The cable is pulled: what wasn't read is lost.</summary>
    public void Break()
    {
        if (_broken is null)
        {
            _broken = new SpeechConnectionException("The cable was pulled.") { IsTransient = true };
            _received.Clear();
            Wake();
            _sending?.TrySetException(_broken);
        }
    }

    public Task CloseAsync(TimeSpan timeout) => Task.CompletedTask;

    public void Abort() => Break();

    public void Dispose()
    {
        Break();
        IsDisposed = true;
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _receiving, null) is not { } receiving)
        {
            return;
        }

        if (_received.TryDequeue(out var message))
        {
            receiving.SetResult(new(MessageKind.Text, message));
        }
        else if (_closing)
        {
            receiving.SetResult(new(MessageKind.Close, default));
        }
        else
        {
            receiving.SetException(_broken!);
        }
    }
}
