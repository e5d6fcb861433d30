using System.CommandLine;
using SpeechStream.Cli.Options;

namespace SpeechStream.Cli.Keys;

/// <summary><c>speechstream token</c>: a new token of NLS, for programs that take one.</summary>
internal static class TokenCommand
{
    private const string Description =
        """
        Print a new token of NLS.

        It is made with an access key: ALIYUN_AK_ID and ALIYUN_AK_SECRET in the environment.

        Standard output has the token and nothing else; on a terminal a line on standard error says until when it is accepted. One token serves
        many sessions and machines. The service limits how often one may be made: keep it until it expires.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var account = new AccountOptions();
        var json = new Option<bool>("--json") { Description = "Print an object: token, and expiresAt in UTC." };
        var command = new Command("token", Description) { account.TokenEndpoint, account.Insecure, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new SpeechStreamClientOptions
            {
                // No app key is needed for a token, but a client wants one.
                AppKey = "none",
                Credential = account.AccountOf(parsed, surroundings).TokenSource(),
                AllowInsecure = parsed.GetValue(account.Insecure),
            };
            var client = new SpeechStreamClient(options);
            await using (client.ConfigureAwait(false))
            {
                var token = await client.Context.GetTokenAsync(cancellationToken).ConfigureAwait(false);
                IssuedKey.Print(token, "token", parsed.GetValue(json), surroundings);
                return ExitCode.Done;
            }
        });
        return command;
    }
}
