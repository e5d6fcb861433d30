using System.CommandLine;
using SpeechStream.Cli.Options;

namespace SpeechStream.Cli.Keys;

/// <summary><c>speechstream key</c>: a temporary key of DashScope, for programs that must not hold the key itself.</summary>
internal static class KeyCommand
{
    private const string Description =
        """
        Print a temporary key of DashScope (Model Studio).

        It is made with DASHSCOPE_API_KEY or --api-key, for a program that must not hold the key itself.

        Standard output has the key and nothing else; on a terminal a line on standard error says until when it is accepted.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var account = new AccountOptions();
        var lifetime = new Option<int>("--expires-in")
        {
            Description = $"For how many seconds new connections may be made with it: 1 to {TemporaryKey.MostSeconds}.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 60,
        };
        lifetime.AllowRange(1, TemporaryKey.MostSeconds);
        var json = new Option<bool>("--json") { Description = "Print an object: key, and expiresAt in UTC." };
        var command = new Command("key", Description) { lifetime, account.ApiKey, account.Endpoint, account.Insecure, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new SpeechStreamClientOptions { AllowInsecure = parsed.GetValue(account.Insecure) };
            (account.AccountOf(parsed, surroundings) with { Service = SpeechService.DashScope, Instead = null }).Fill(options, parsed.GetValue(account.Endpoint));
            var client = new SpeechStreamClient(options);
            await using (client.ConfigureAwait(false))
            {
                var key = await new TemporaryKey(client.Context).RequestAsync(parsed.GetValue(lifetime), cancellationToken).ConfigureAwait(false);
                IssuedKey.Print(key, "key", parsed.GetValue(json), surroundings);
                return ExitCode.Done;
            }
        });
        return command;
    }
}
