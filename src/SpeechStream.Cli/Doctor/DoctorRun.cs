using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Doctor;

/// <summary>One execution of <c>speechstream doctor</c>: the steps in their order, until one fails without which the next can't be looked at.</summary>
internal sealed class DoctorRun(DoctorSettings settings, Surroundings surroundings)
{
    // Takes the place of what isn't sent, or isn't given.
    private const string Nothing = "none";

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!settings.IsLocal)
            {
                return await RunAsync(settings.Account, settings.Endpoint, cancellationToken).ConfigureAwait(false);
            }

            var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }, cancellationToken).ConfigureAwait(false);
            await using (gateway.ConfigureAwait(false))
            {
                var endpoint = settings.Account.Service == SpeechService.DashScope ? gateway.DashScopeEndpoint : gateway.Endpoint;
                return await RunAsync(settings.Account.WithoutKeys(), endpoint, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            surroundings.Report("interrupted");
            return ExitCode.Interrupted;
        }
    }

    private async Task<int> RunAsync(Account account, Uri? endpoint, CancellationToken cancellationToken)
    {
        var service = account.ServiceAt(endpoint);
        var keyless = Keyless(service, endpoint);
        var route = new Route(keyless.Endpoint, surroundings.Variable);
        var report = new Report(service, keyless.Endpoint, settings.AsJson, surroundings);
        report.Begin();
        await CheckWayAsync(route, keyless, report, cancellationToken).ConfigureAwait(false);
        var options = report.FirstFailure is null or { Step: Step.Clock } ? WithKeys(account, keyless, report) : null;

        using var logging = LoggerFactory.Create(builder => _ = surroundings.IsVerbose ? builder.AddErrorLog() : builder);
        var client = new SpeechStreamClient(options ?? keyless, logging);
        await using (client.ConfigureAwait(false))
        {
            ServiceCheck? check = null;
            if (options is not null)
            {
                check = new ServiceCheck(client, settings, account.KeySource(service)) { AppKeyProblem = account.AppKeyProblem(keyless.Endpoint) };
                await foreach (var finding in check.RunAsync(cancellationToken).ConfigureAwait(false))
                {
                    report.Add(finding);
                }
            }

            if (settings.File is not null)
            {
                var isUsable = report.FirstFailure is null or { Step: Step.Clock };
                report.Add(await new FileCheck(settings, surroundings).RunAsync(isUsable ? check : null, client, cancellationToken).ConfigureAwait(false));
            }
        }

        report.End();
        return report.ExitCode;
    }

    /// <exception cref="ArgumentException">The address can't be used; the message says why.</exception>
    private SpeechStreamClientOptions Keyless(SpeechService service, Uri? endpoint)
    {
        var options = new SpeechStreamClientOptions
        {
            AppKey = Nothing,
            Credential = service == SpeechService.Nls ? SpeechCredential.FromToken(Nothing) : SpeechCredential.FromApiKey(Nothing),
            AllowInsecure = settings.IsInsecure,
            MaxReconnectAttempts = 0,
            ConnectTimeout = surroundings.Patience,
            StartTimeout = surroundings.Patience,
            StopTimeout = surroundings.Patience,
        };
        return (endpoint is null ? options : options with { Endpoint = endpoint }).CopyValidated();
    }

    private async Task CheckWayAsync(Route route, SpeechStreamClientOptions options, Report report, CancellationToken cancellationToken)
    {
        await foreach (var finding in new NetworkCheck(route, surroundings.Patience / 2).RunAsync(cancellationToken).ConfigureAwait(false))
        {
            report.Add(finding);
        }

        if (report.FirstFailure is null)
        {
            foreach (var finding in await new WebCheck(route, options).RunAsync(cancellationToken).ConfigureAwait(false))
            {
                report.Add(finding);
            }
        }
    }

    /// <summary>Null when there is no key, which was reported.</summary>
    private static SpeechStreamClientOptions? WithKeys(Account account, SpeechStreamClientOptions keyless, Report report)
    {
        var options = keyless with { };
        try
        {
            (account.AppKeyProblem(keyless.Endpoint) is null ? account : account with { AppKey = Nothing }).Fill(options, keyless.Endpoint);
            return options.CopyValidated();
        }
        catch (ArgumentException exception)
        {
            report.Add(Finding.Bad(Step.Key, Problem.Describe(exception)));
            return null;
        }
    }
}
