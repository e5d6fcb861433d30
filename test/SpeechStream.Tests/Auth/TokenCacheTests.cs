using Microsoft.Extensions.Logging.Abstractions;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;

namespace SpeechStream.Tests.Auth;

public sealed class TokenCacheTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new();
    private readonly Redactor _redactor = new();
    private readonly CancellationTokenSource _client = new();
    private readonly TokenService _service;
    private readonly TokenCache _cache;
    private int _requests;
    private Func<CancellationToken, Task<SpeechToken>> _answer;

    public TokenCacheTests()
    {
        _service = new TokenService(new StubHandler(_ => throw new InvalidOperationException()), _redactor, _time, Limit);
        _answer = _ => Task.FromResult(Token(TimeSpan.FromHours(24)));
        var credential = SpeechCredential.FromDelegate(async cancellationToken =>
        {
            Interlocked.Increment(ref _requests);
            return await _answer(cancellationToken);
        });
        _cache = new TokenCache(credential, _service, _redactor, NullLogger.Instance, _time, _client.Token);
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Theory]
    [InlineData(24 * 60, 24 * 60 - 5)]
    [InlineData(50, 45)]
    [InlineData(10, 9)]
    public async Task A_token_is_renewed_5_minutes_or_a_tenth_of_its_life_early(int lifeMinutes, int keptMinutes)
    {
        _answer = _ => Task.FromResult(Token(TimeSpan.FromMinutes(lifeMinutes)));
        var first = await GetAsync();

        _time.Advance(TimeSpan.FromMinutes(keptMinutes) - TimeSpan.FromTicks(1));
        (await GetAsync()).Should().BeSameAs(first);
        _time.Advance(TimeSpan.FromTicks(1));
        (await GetAsync()).Should().NotBeSameAs(first);

        _requests.Should().Be(2);
    }

    [Fact]
    public async Task A_token_without_an_expiry_is_kept_for_ever()
    {
        _answer = _ => Task.FromResult(new SpeechToken { Id = "abc" });
        var first = await GetAsync();
        _time.Advance(TimeSpan.FromDays(10_000));

        (await GetAsync()).Should().BeSameAs(first);
    }

    [Fact]
    public async Task An_expired_token_is_used_once_and_not_cached()
    {
        _answer = _ => Task.FromResult(new SpeechToken { Id = "abc", ExpiresAt = default });

        (await GetAsync()).Id.Should().Be("abc");
        await GetAsync();

        _requests.Should().Be(2);
    }

    [Fact]
    public async Task All_waiting_callers_share_one_request()
    {
        var answer = Pending();
        var waits = Enumerable.Range(0, 10).Select(_ => GetAsync()).ToList();
        answer.SetResult(Token(TimeSpan.FromHours(1)));

        (await Task.WhenAll(waits)).Distinct().Should().ContainSingle();
        _requests.Should().Be(1);
    }

    [Fact]
    public async Task A_callers_cancellation_ends_only_its_own_wait()
    {
        var answer = Pending();
        using var cancel = new CancellationTokenSource();
        var canceled = GetAsync(cancel.Token);
        var other = GetAsync();

        await cancel.CancelAsync();

        (await FluentActions.Awaiting(() => canceled).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
        other.IsCompleted.Should().BeFalse();
        answer.SetResult(Token(TimeSpan.FromHours(1)));
        (await other).Id.Should().NotBeEmpty();
        _requests.Should().Be(1);
    }

    [Fact]
    public async Task A_canceled_caller_gets_no_cached_token()
    {
        await GetAsync();
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();

        (await FluentActions.Awaiting(() => GetAsync(cancel.Token)).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
    }

    [Fact]
    public async Task A_failure_is_not_cached_and_each_waiter_gets_its_own_copy()
    {
        var answer = Pending();
        var (first, second) = (GetAsync(), GetAsync());
        answer.SetException(new IOException("lost"));

        var failed = (await FluentActions.Awaiting(() => first).Should().ThrowAsync<SpeechConnectionException>()).Which;
        var alike = (await FluentActions.Awaiting(() => second).Should().ThrowAsync<SpeechConnectionException>()).Which;
        alike.Should().NotBeSameAs(failed);
        (alike.Message, alike.IsTransient).Should().Be((failed.Message, true));
        alike.InnerException.Should().BeSameAs(failed.InnerException);
        _answer = _ => Task.FromResult(Token(TimeSpan.FromHours(1)));
        (await GetAsync()).Id.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_refused_token_is_discarded_unless_it_was_replaced()
    {
        var first = await GetAsync();
        _cache.Drop(first);
        var second = await GetAsync();
        second.Should().NotBe(first);

        _cache.Drop(first);
        (await GetAsync()).Should().BeSameAs(second);
        _cache.Drop(second with { ExpiresAt = default });
        (await GetAsync()).Should().NotBe(second);
    }

    [Fact]
    public async Task Every_token_is_redacted_in_later_texts()
    {
        _answer = _ => Task.FromResult(new SpeechToken { Id = "the/token" });
        await GetAsync();

        _redactor.Redact("The token 'the/token' is invalid, ?token=the%2Ftoken").Should().Be("The token '***' is invalid, ?token=***");
    }

    [Fact]
    public async Task Disposing_the_client_cancels_the_request_and_ends_all_waits()
    {
        var seen = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = cancellationToken =>
        {
            seen.SetResult(cancellationToken);
            return new TaskCompletionSource<SpeechToken>().Task;
        };
        var wait = GetAsync();
        var requestToken = await seen.Task;

        await _client.CancelAsync();

        requestToken.IsCancellationRequested.Should().BeTrue();
        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<ObjectDisposedException>();
        await FluentActions.Awaiting(() => GetAsync()).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task A_blocking_function_does_not_prevent_cancellation()
    {
        using var release = new ManualResetEventSlim();
        _answer = _ =>
        {
            release.Wait(CancellationToken.None);
            return Task.FromResult(Token(TimeSpan.FromHours(1)));
        };
        using var cancel = new CancellationTokenSource();
        var wait = GetAsync(cancel.Token);

        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<OperationCanceledException>();
        release.Set();
        (await GetAsync()).Id.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_failure_without_a_waiter_is_observed()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, failed) =>
            unobserved += failed.Exception.ToString().Contains("nobody waits", StringComparison.Ordinal) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            // Nobody can wait for the end of a request that nobody waits for: of many, some have ended when many later ones have.
            for (var round = 0; round < 20; round++)
            {
                await AbandonAsync();
            }

            _answer = _ => throw new InvalidOperationException("later");
            for (var round = 0; round < 20; round++)
            {
                await FluentActions.Awaiting(() => GetAsync()).Should().ThrowAsync<SpeechAuthenticationException>();
            }
            for (var round = 0; round < 3; round++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            unobserved.Should().Be(0);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }
    }

    [Fact]
    public async Task A_hanging_function_is_given_up_in_time_and_called_again()
    {
        var hanging = new TaskCompletionSource<SpeechToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = _ =>
        {
            asked.SetResult();
            return hanging.Task;
        };
        var limited = _time.TimerSetAsync(Limit);
        var first = GetAsync();
        await Task.WhenAll(limited, asked.Task);

        _time.Advance(Limit);

        (await FluentActions.Awaiting(() => first).Should().ThrowAsync<SpeechConnectionException>()).Which.IsTransient.Should().BeTrue();
        _answer = _ => Task.FromResult(Token(TimeSpan.FromHours(1)));

        await GetAsync();
        hanging.TrySetCanceled(Test);
    }

    private async Task AbandonAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<SpeechToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var credential = SpeechCredential.FromDelegate(async _ =>
        {
            asked.SetResult();
            return await answer.Task;
        });
        using var cancel = new CancellationTokenSource();
        var wait = new TokenCache(credential, _service, _redactor, NullLogger.Instance, _time, _client.Token).GetAsync(cancel.Token).AsTask();
        await asked.Task;
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => wait).Should().ThrowAsync<OperationCanceledException>();
        answer.SetException(new InvalidOperationException("nobody waits"));
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private Task<SpeechToken> GetAsync(CancellationToken? cancellationToken = null) => _cache.GetAsync(cancellationToken ?? Test).AsTask();

    private TaskCompletionSource<SpeechToken> Pending()
    {
        var answer = new TaskCompletionSource<SpeechToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = _ => answer.Task;
        return answer;
    }

    private SpeechToken Token(TimeSpan life) => new() { Id = Guid.NewGuid().ToString("N"), ExpiresAt = _time.GetUtcNow() + life };
}
