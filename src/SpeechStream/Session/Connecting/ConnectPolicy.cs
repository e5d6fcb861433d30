using Polly;
using Polly.Retry;
using Polly.Timeout;
using SpeechStream.Session.Connection;

namespace SpeechStream.Session.Connecting;

/// <summary>
/// Runs attempts to connect, and limits the time of each. Only this class runs anything with Polly. A client has one; the attempts of each session are counted in its <see cref="RetryBudget"/>.
/// </summary>
/// <remarks>
/// The time-outs are inside the retries, so that each attempt has its own. The session counts attempts and computes delays itself, because Polly's count begins
/// anew at each execution. Only the handshake and the start run inside the pipeline: with more, a time-out in a user's pipeline would end healthy sessions.
/// </remarks>
internal sealed class ConnectPolicy
{
    private static readonly ResiliencePropertyKey<RetryBudget> BudgetKey = new("SpeechStream.RetryBudget");

    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _connectLimit;
    private readonly ResiliencePipeline _startLimit;
    private readonly SpeechStreamClientOptions _options;

    /// <param name="options">The client's options.</param>
    /// <param name="random">Provides the jitter of the delays, from 0 up to but not including 1.</param>
    public ConnectPolicy(SpeechStreamClientOptions options, Func<double> random)
    {
        _options = options;
        Delays = new RetryDelays(options, random);
        HasOwnRetry = options.ConnectPipeline is null;
        _retry = options.ConnectPipeline ?? OwnRetry();
        _connectLimit = Limit(options.ConnectTimeout);
        _startLimit = Limit(options.StartTimeout);
    }

    /// <summary>Whether this library decides about retries and their delays; false when the pipeline of the user does.</summary>
    public bool HasOwnRetry { get; }

    public RetryDelays Delays { get; }

    /// <summary>Runs attempts until one succeeds or none is left.</summary>
    /// <exception cref="SpeechStreamException">The failure of the last attempt, or an exception of the user's pipeline as the inner exception.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<ConnectionPump> ExecuteAsync(RetryBudget budget, Func<CancellationToken, ValueTask<ConnectionPump>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(BudgetKey, budget);
        try
        {
            return await _retry.ExecuteAsync(static (context, attempt) => attempt(context.CancellationToken), context, attempt).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not SpeechStreamException && !HasOwnRetry && !cancellationToken.IsCancellationRequested)
        {
            throw new SpeechConnectionException(
                $"ConnectPipeline gave up connecting to {_options.Endpoint.Authority}. The inner exception tells which of its strategies did, and why.", exception)
            {
                IsTransient = true,
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Limits the handshake to <see cref="SpeechStreamClientOptions.ConnectTimeout"/>.</summary>
    public ValueTask<T> LimitConnectAsync<T>(Func<CancellationToken, ValueTask<T>> connect, CancellationToken cancellationToken)
        where T : class =>
        LimitAsync(
            _connectLimit,
            connect,
            static options => $"No connection to {options.Endpoint.Authority} within ConnectTimeout ({options.ConnectTimeout}). Check the network, the endpoint and the proxy.",
            cancellationToken);

    /// <summary>Limits the wait for the answer to the start message to <see cref="SpeechStreamClientOptions.StartTimeout"/>.</summary>
    public ValueTask<T> LimitStartAsync<T>(Func<CancellationToken, ValueTask<T>> start, CancellationToken cancellationToken)
        where T : class =>
        LimitAsync(
            _startLimit,
            start,
            static options => $"The service didn't answer the start message within StartTimeout ({options.StartTimeout}). Try again later, or raise StartTimeout.",
            cancellationToken);

    // Only for classes: the code of each generic method on the way is then compiled once for all of them.
    private async ValueTask<T> LimitAsync<T>(
        ResiliencePipeline limit, Func<CancellationToken, ValueTask<T>> call, Func<SpeechStreamClientOptions, string> message, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await limit.ExecuteAsync(static (call, token) => call(token), call, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new SpeechConnectionException(message(_options), exception) { IsTransient = true };
        }
    }

    private static RetryBudget Budget(ResilienceContext context) => context.Properties.GetValue(BudgetKey, null!);

    private ResiliencePipeline OwnRetry() => Builder().AddRetry(new RetryStrategyOptions
    {
        MaxRetryAttempts = int.MaxValue,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is SpeechStreamException { IsTransient: true } && Budget(args.Context).HasAttempt),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Delays.After((SpeechStreamException)args.Outcome.Exception!, Budget(args.Context).Spent)),
        OnRetry = args =>
        {
            Budget(args.Context).Spend((SpeechStreamException)args.Outcome.Exception!, args.RetryDelay);
            return ValueTask.CompletedTask;
        },
    }).Build();

    // The options allow time-outs from 1 ms on. Polly refuses fixed ones below 10 ms, but accepts any from a generator.
    private ResiliencePipeline Limit(TimeSpan timeout) =>
        Builder().AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = _ => ValueTask.FromResult(timeout) }).Build();

    private ResiliencePipelineBuilder Builder() => new() { TimeProvider = _options.TimeProvider };
}
