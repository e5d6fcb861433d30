using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SpeechStream.IntegrationTests.Network;

internal enum Way
{
    /// <summary>From the client to the gateway.</summary>
    Up,

    /// <summary>From the gateway to the client.</summary>
    Down,
}

/// <summary>A TCP proxy in front of a gateway that does to connections what networks do. All members may be used at any time.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<ProxiedLink> _links = [];
    private readonly List<Task> _running = [];
    private readonly int _targetPort;
    private readonly long[] _bytes = new long[2];
    private readonly CancellationTokenSource _disposed = new();
    private Socket _listener;
    private int _accepted;
    private Trap? _trap;

    public FaultProxy(Uri target)
    {
        _targetPort = target.Port;
        _listener = Bind(0);
        var port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        Endpoint = new UriBuilder(target) { Port = port }.Uri;
        Accept();
    }

    private delegate int Trigger(Way way, ReadOnlySpan<byte> piece);

    /// <summary>Where clients connect instead of to the target.</summary>
    public Uri Endpoint { get; }

    /// <summary>Connections since the start.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections whose two ends aren't both closed.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
            {
                return _links.Count;
            }
        }
    }

    /// <summary>Each piece is held back this long.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>At most so many bytes a second, on each connection and in each direction.</summary>
    public int? Throttle { get; set; }

    /// <summary>Bytes that were passed on.</summary>
    public long Bytes(Way way) => Volatile.Read(ref _bytes[(int)way]);

    /// <summary>Ends the connections that stand, in order.</summary>
    public void Cut() => ForEach(static link => link.Close());

    /// <summary>Ends them with a reset.</summary>
    public void Reset() => ForEach(static link => link.Reset());

    /// <summary>Nothing passes any more on the connections that stand, and nobody is told.</summary>
    public void BlackHole() => ForEach(static link => link.Block());

    /// <summary>What was sent into a black hole is thrown away, so that its ends can be seen to close.</summary>
    public void DrainBlackHoles() => ForEach(static link => link.Discard());

    /// <summary>Whoever receives in this direction is told that nothing more comes; the other direction goes on.</summary>
    public void HalfClose(Way way) => ForEach(link => link.HalfClose(way));

    /// <summary>New connections are refused.</summary>
    public void Refuse()
    {
        lock (_lock)
        {
            _listener.Dispose();

            // Bound but not listening: the port stays ours.
            _listener = BindAgain(Endpoint.Port);
        }
    }

    /// <summary>New connections are taken again.</summary>
    public void Accept()
    {
        lock (_lock)
        {
            _listener.Listen();
            _running.Add(AcceptAsync(_listener));
        }
    }

    /// <summary>Acts when so many more bytes have passed in this direction, on whatever connection.</summary>
    public Task After(long bytes, Way way, Action act) => Set(act, passesAll: false, (direction, piece) =>
    {
        if (direction != way)
        {
            return -1;
        }

        var left = bytes;
        bytes -= piece.Length;
        return left <= piece.Length ? (int)left : -1;
    });

    /// <summary>Acts when the gateway says this for the given time, just before or just after it is passed on.</summary>
    public Task When(string reply, Action act, int occurrence = 1, bool passOn = true) => Set(act, passOn, (way, piece) =>
    {
        var said = Encoding.ASCII.GetBytes(Wording.Of(reply));
        for (var from = 0; way == Way.Down && piece[from..].IndexOf(said) is >= 0 and var at; from += at + said.Length)
        {
            if (--occurrence == 0)
            {
                return from + at;
            }
        }

        return -1;
    });

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        lock (_lock)
        {
            _listener.Dispose();
        }

        Cut();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).Within("the proxy's connections to end");
        _disposed.Dispose();
    }

    /// <summary>Passes on a piece, with a fault in the middle of it where one is due.</summary>
    internal async Task PassAsync(Way way, ReadOnlyMemory<byte> piece, Func<ReadOnlyMemory<byte>, Task> send)
    {
        var delay = Latency + (Throttle is { } rate ? TimeSpan.FromSeconds((double)piece.Length / rate) : TimeSpan.Zero);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _disposed.Token);
        }

        var (sprung, before) = Spring(way, piece.Span);
        await send(piece[..before]);
        Interlocked.Add(ref _bytes[(int)way], before);
        if (sprung is not null)
        {
            sprung.Act();
            sprung.Sprung.SetResult();
            await send(piece[before..]);
        }
    }

    private (Trap? Sprung, int Before) Spring(Way way, ReadOnlySpan<byte> piece)
    {
        lock (_lock)
        {
            if (_trap?.Trigger(way, piece) is not (>= 0 and var at))
            {
                return (null, piece.Length);
            }

            var trap = _trap;
            _trap = null;
            return (trap, trap.PassesAll ? piece.Length : at);
        }
    }

    private static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>Another program's connection may get the port in the moment in which it is free. It gives it back when it ends.</summary>
    private static Socket BindAgain(int port)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return Bind(port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse && Stopwatch.GetElapsedTime(begun) < Patience.Limit)
            {
                Thread.Sleep(1);
            }
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                Interlocked.Increment(ref _accepted);
                lock (_lock)
                {
                    // Those that have ended are let go of, so that a soak sees no growth that is ours.
                    _running.RemoveAll(static task => task.IsCompletedSuccessfully);
                    _running.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            listener.Dispose();
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        using var link = new ProxiedLink(this, client);
        lock (_lock)
        {
            _links.Add(link);
        }

        if (_disposed.IsCancellationRequested)
        {
            link.Close();
        }

        await link.RunAsync(_targetPort);
        lock (_lock)
        {
            _links.Remove(link);
        }
    }

    private void ForEach(Action<ProxiedLink> act)
    {
        ProxiedLink[] links;
        lock (_lock)
        {
            links = [.. _links];
        }

        Array.ForEach(links, link => act(link));
    }

    private Task Set(Action act, bool passesAll, Trigger trigger)
    {
        var trap = new Trap(trigger, act, passesAll, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _trap = trap;
        }

        return trap.Sprung.Task;
    }

    private sealed record Trap(Trigger Trigger, Action Act, bool PassesAll, TaskCompletionSource Sprung);
}
