using System.CommandLine;
using SpeechStream.Cli.Options;

namespace SpeechStream.Cli.Doctor;

/// <summary><c>speechstream doctor</c>: its arguments and options.</summary>
internal static class DoctorCommand
{
    private const string Description =
        """
        Look for what keeps sessions from working: each step with a tick, or with what to do.

        It looks at the network, a proxy, TLS, this machine's clock, the token or key, the app key, and sends a second of a tone. With a FILE also at
        that: what it is, and what the service hears in its first 5 seconds. The service charges for these seconds. Without a network it takes less
        than 10 seconds. No secret is printed. With --quiet only the steps that failed are.

        The keys are those of transcribe, in the environment or in the options.

        Exit code: 0 when all is well; else the first step that failed: 10 DNS, 11 TCP, 12 the proxy, 13 TLS and the certificate, 14 the clock,
        15 the token or key, 16 the service, 17 the app key or the model, 18 the account (trial, balance, quota), 19 the audio, 20 the file;
        1 when nothing could begin; 2 for a command line that isn't understood; 130 after Ctrl+C.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var file = new Argument<string?>("FILE") { Description = "A recording to look at, too. Default: none.", Arity = ArgumentArity.ZeroOrOne }.WithoutOptions();
        var account = new AccountOptions();
        var model = OptionValues.Model();
        var raw = new Option<bool>("--raw") { Description = "A FILE without a known header is raw 16-bit mono samples." };
        var sampleRate = OptionValues.SampleRate();
        var json = new Option<bool>("--json") { Description = "Print one object: service, endpoint, firstFailure, exitCode, and steps with step, result (passed, failed or skipped) and text." };
        var command = new Command("doctor", Description)
        {
            file, account.Local, account.Endpoint, account.TokenEndpoint, account.Insecure, account.Service, account.AppKey, account.Token, account.ApiKey, model, raw, sampleRate, json,
        };
        account.ForbidEndpointWithLocal(command);
        command.SetAction((parsed, cancellationToken) => new DoctorRun(
            new DoctorSettings
            {
                Account = account.AccountOf(parsed, surroundings) with { Instead = "or look at a local gateway: add --local" },
                IsLocal = parsed.GetValue(account.Local),
                Endpoint = parsed.GetValue(account.Endpoint),
                IsInsecure = parsed.GetValue(account.Insecure),
                Model = parsed.GetValue(model),
                File = parsed.GetValue(file),
                IsRaw = parsed.GetValue(raw),
                SampleRate = parsed.GetValue(sampleRate),
                AsJson = parsed.GetValue(json),
            },
            surroundings).RunAsync(cancellationToken));
        return command;
    }
}
