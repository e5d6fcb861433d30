using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SpeechStream.Transport;

namespace SpeechStream.Tests.Transport;

public sealed class TcpConnectorTests : IDisposable
{
    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress OtherV4 = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::1");
    private static readonly IPAddress OtherV6 = IPAddress.Parse("2001:db8::2");

    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentDictionary<IPAddress, Attempt> _attempts = new();
    private readonly ConcurrentQueue<IPAddress> _order = new();
    private readonly CancellationTokenSource _cancel = new();

    public void Dispose() => _cancel.Dispose();

    [Fact]
    public async Task The_next_address_is_tried_after_250_ms()
    {
        var connecting = ConnectAsync(V6, V4);
        await At(V6).Begun;
        _time.Advance(TimeSpan.FromMilliseconds(250) - TimeSpan.FromTicks(1));
        _order.Should().Equal(V6);
        _time.Advance(TimeSpan.FromTicks(1));
        await At(V4).Begun;
        At(V4).Succeed();

        (await connecting).Should().BeSameAs(At(V4).Stream);
        At(V6).Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task The_first_address_may_still_win_after_250_ms()
    {
        var connecting = ConnectAsync(V6, V4);
        await At(V6).Begun;
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await At(V4).Begun;
        At(V6).Succeed();

        (await connecting).Should().BeSameAs(At(V6).Stream);
        At(V4).Token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task After_a_refused_address_the_next_is_tried_at_once()
    {
        var connecting = ConnectAsync(V6, V4);
        At(V6).Fail(SocketError.ConnectionRefused);
        await At(V4).Begun;
        At(V4).Succeed();

        (await connecting).Should().BeSameAs(At(V4).Stream);
    }

    [Fact]
    public async Task The_last_addresss_error_is_thrown_when_all_fail()
    {
        var connecting = ConnectAsync(V6, V4);
        At(V6).Fail(SocketError.ConnectionRefused);
        At(V4).Fail(SocketError.NetworkUnreachable);

        (await FluentActions.Awaiting(() => connecting).Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.NetworkUnreachable);
    }

    [Fact]
    public async Task IPv6_and_IPv4_addresses_alternate()
    {
        var connecting = ConnectAsync(V6, OtherV6, V4, OtherV4);
        foreach (var address in new[] { V6, V4, OtherV6, OtherV4 })
        {
            At(address).Fail(SocketError.ConnectionRefused);
        }

        await FluentActions.Awaiting(() => connecting).Should().ThrowAsync<SocketException>();
        _order.Should().Equal(V6, V4, OtherV6, OtherV4);
    }

    [Fact]
    public async Task A_connect_that_succeeds_too_late_is_closed()
    {
        var connecting = ConnectAsync(V6, V4);
        await At(V6).Begun;
        At(V6).IgnoresItsToken = true;
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await At(V4).Begun;
        At(V4).Succeed();
        At(V6).Succeed();

        (await connecting).CanRead.Should().BeTrue();
        At(V6).Stream.CanRead.Should().BeFalse();
    }

    [Fact]
    public async Task Canceling_ends_all_that_is_under_way()
    {
        var connecting = ConnectAsync(V6, V4);
        await At(V6).Begun;
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await At(V4).Begun;

        await _cancel.CancelAsync();

        await FluentActions.Awaiting(() => connecting).Should().ThrowAsync<OperationCanceledException>();
        (At(V6).Token.IsCancellationRequested, At(V4).Token.IsCancellationRequested).Should().Be((true, true));
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task A_host_without_an_address_is_unknown() =>
        (await FluentActions.Awaiting(() => ConnectAsync()).Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.HostNotFound);

    private Attempt At(IPAddress address) => _attempts.GetOrAdd(address, _ => new());

    private Task<Stream> ConnectAsync(params IPAddress[] addresses)
    {
        var connector = new TcpConnector(_time)
        {
            Resolve = (_, _) => Task.FromResult(addresses),
            Open = (endpoint, cancellationToken) =>
            {
                endpoint.Port.Should().Be(443);
                _order.Enqueue(endpoint.Address);
                return At(endpoint.Address).BeginAsync(cancellationToken);
            },
        };
        return connector.ConnectAsync(new DnsEndPoint("nls.example.org", 443), _cancel.Token).AsTask();
    }

    /// <summary>A connect to one address, which ends as the test says.</summary>
    private sealed class Attempt
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<Stream> _end = new();

        public Task Begun => _begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public Stream Stream { get; } = new MemoryStream();

        public CancellationToken Token { get; private set; }

        public bool IgnoresItsToken { get; set; }

        public async Task<Stream> BeginAsync(CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            using var canceled = cancellationToken.Register(() => _ = !IgnoresItsToken && _end.TrySetCanceled(cancellationToken));
            _begun.TrySetResult();
            return await _end.Task;
        }

        public void Succeed() => _end.TrySetResult(Stream);

        public void Fail(SocketError error) => _end.TrySetException(new SocketException((int)error));
    }
}
