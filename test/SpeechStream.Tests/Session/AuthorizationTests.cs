using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>A refused token is worth another try only if the credential then has another one. Getting it is a task of the thread pool: the tests wait for that.</summary>
public abstract class AuthorizationTests : BothServices
{
    private protected AuthorizationTests(SpeechService service)
        : base(service)
    {
    }

    private static readonly Fate Deaf = new() { Deaf = true };
    private static readonly Fate Refused = new() { Failure = () => new SpeechAuthenticationException("Refused.") };

    private int _tokens;

    [Fact]
    public async Task A_refused_token_is_replaced_once()
    {
        using var run = new Simulated(Fate.Sequence(Refused, Deaf), NewTokenEachTime);
        await run.Start();

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-2");
    }

    [Fact]
    public async Task Two_refused_tokens_end_the_session()
    {
        using var run = new Simulated(Fate.Sequence(Refused, Refused, Deaf), NewTokenEachTime);
        await run.Awaiting(simulated => simulated.Start()).Should().ThrowAsync<SpeechAuthenticationException>();

        run.Service.Handshakes.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_token_that_was_refused_in_advance_is_replaced()
    {
        using var run = new Simulated(Fate.Sequence(Refused, Deaf), NewTokenEachTime);
        await run.Client.Awaiting(client => client.PrewarmAsync()).Should().ThrowAsync<SpeechAuthenticationException>();

        await run.Client.PrewarmAsync();

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-2");
    }

    [Fact]
    public async Task The_same_token_is_not_retried()
    {
        using var run = new Simulated(Fate.Sequence(Refused, Deaf));
        await run.Awaiting(simulated => simulated.Start()).Should().ThrowAsync<SpeechAuthenticationException>();

        run.Service.Handshakes.Should().ContainSingle();
    }

    [Fact]
    public async Task A_start_refused_for_its_token_is_retried_with_another()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { StartCode = 40000001 }, Deaf), NewTokenEachTime);
        await run.Start();

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-2");
    }

    [Fact]
    public void A_token_that_is_refused_in_the_middle_of_a_task_is_replaced()
    {
        using var run = new Simulated(Fate.Sequence(Deaf), NewTokenEachTime);
        run.StartNow();
        run.Service.Lose(40000001);
        SpinWait.SpinUntil(() => run.Service.Connections is [_, { IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-2");
    }

    [Fact]
    public async Task A_token_refused_in_a_task_ends_a_session_without_another()
    {
        using var run = new Simulated(Fate.Sequence(Deaf));
        _ = run.StartNow();
        run.Service.Lose(40000001);
        var summary = await run.Session.Completion;

        summary.Error.Should().BeOfType<SpeechAuthenticationException>().Which.Code().Should().Be(FailureCode.Of(40000001));
        run.Service.Handshakes.Should().ContainSingle();
    }

    [Fact]
    public void A_failure_while_replacing_a_refused_token_is_retried()
    {
        using var run = new Simulated(Fate.Sequence(Deaf), options => options.Credential = Credential(
            _ => ++_tokens == 2 ? throw new HttpRequestException("unreachable") : ValueTask.FromResult(new SpeechToken { Id = $"token-{_tokens}" })));
        run.StartNow();
        run.Service.Lose(40000001);
        SpinWait.SpinUntil(() => run.Service.Connections is [_, { IsWaitedFor: true }], TimeSpan.FromSeconds(30)).Should().BeTrue();

        run.Service.Handshakes.Select(handshake => handshake.Token).Should().Equal("token-1", "token-3");
    }

    [Fact]
    public async Task A_refused_new_token_ends_the_session_with_TaskFailed()
    {
        using var run = new Simulated(Fate.Sequence(Deaf), options => options.Credential = Credential(
            _ => ++_tokens == 1 ? new(new SpeechToken { Id = "first" }) : throw new InvalidOperationException("the vault is sealed")));
        _ = run.StartNow();
        run.Service.Lose(40000001);
        await run.Session.Completion;
        run.Read(int.MaxValue);

        run.All<TaskFailed>().Should().ContainSingle().Which.Code().Should().Be(FailureCode.Of(40000001));
        run.Thrown.Should().BeOfType<SpeechAuthenticationException>().Which.TaskId.Should().Be(run.All<TranscriptionStarted>()[0].TaskId);
    }

    [Fact]
    public async Task A_callback_on_the_functions_token_prevents_no_end()
    {
        using var run = new Simulated(Fate.Sequence(Deaf), options => options.Credential = Credential(async cancellationToken =>
        {
            if (++_tokens == 2)
            {
                cancellationToken.Register(() => throw new InvalidOperationException("broken registration"));
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new SpeechToken { Id = $"token-{_tokens}" };
        }));
        _ = run.StartNow();
        run.Service.Lose(40000001);
        SpinWait.SpinUntil(() => _tokens == 2, TimeSpan.FromSeconds(30)).Should().BeTrue();

        run.Client.Dispose();

        (await run.Session.Completion).Error.Should().BeOfType<ObjectDisposedException>();
    }

    private void NewTokenEachTime(SpeechStreamClientOptions options) => options.Credential = Credential(
        _ => ValueTask.FromResult(new SpeechToken { Id = $"token-{++_tokens}", ExpiresAt = options.TimeProvider.GetUtcNow().AddHours(1) }));
}

public sealed class AuthorizationTestsWithNls() : AuthorizationTests(SpeechService.Nls);

public sealed class AuthorizationTestsWithDashScope() : AuthorizationTests(SpeechService.DashScope);
