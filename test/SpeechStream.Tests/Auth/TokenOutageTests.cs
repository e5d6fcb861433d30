using Microsoft.Extensions.Logging;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;

namespace SpeechStream.Tests.Auth;

/// <summary>What becomes of a client's token while no other can be had.</summary>
public sealed class TokenOutageTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private readonly TokenService _service;
    private readonly TokenCache _cache;
    private bool _isDown;
    private int _requests;

    public TokenOutageTests()
    {
        _service = new TokenService(new StubHandler(_ => throw new InvalidOperationException()), new Redactor(), _time, TimeSpan.FromSeconds(10));
        var credential = SpeechCredential.FromDelegate(_ => _isDown
            ? throw new IOException("down")
            : new(new SpeechToken { Id = $"token-{++_requests}", ExpiresAt = _time.GetUtcNow() + TimeSpan.FromHours(24) }));
        _cache = new TokenCache(credential, _service, new Redactor(), _log, _time, CancellationToken.None);
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_token_is_used_until_it_expires_when_there_is_no_other()
    {
        var first = await GetAsync();
        _isDown = true;

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        (await GetAsync()).Should().BeSameAs(first);
        _log.Entries.Should().ContainSingle(entry => entry.Level > LogLevel.Debug).Which.Level.Should().Be(LogLevel.Warning);
        _time.Advance(TimeSpan.FromTicks(1));
        await FluentActions.Awaiting(GetAsync).Should().ThrowAsync<SpeechConnectionException>();
    }

    [Fact]
    public async Task A_failed_token_source_is_called_again_after_30_s()
    {
        var first = await GetAsync();
        _isDown = true;
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(5));
        await GetAsync();
        _isDown = false;

        _time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        (await GetAsync()).Should().BeSameAs(first);
        _time.Advance(TimeSpan.FromTicks(1));
        (await GetAsync()).Should().NotBeSameAs(first);
    }

    [Fact]
    public async Task A_refused_token_is_not_used_when_there_is_no_other()
    {
        _cache.Drop(await GetAsync());
        _isDown = true;

        await FluentActions.Awaiting(GetAsync).Should().ThrowAsync<SpeechConnectionException>();
    }

    private Task<SpeechToken> GetAsync() => _cache.GetAsync(TestContext.Current.CancellationToken).AsTask();
}
