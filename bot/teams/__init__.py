"""The edge towards Teams: the only room that knows Bot Framework. Enter through `bot.teams.edge`.

botbuilder-core 4.17.1 is archived, so its faults stay. Those we walk around, by the numbers the comments use:

1. `CloudAdapter` writes an invoke's answer as JSON twice, which ends in a 500.
2. The SDK's own error answers to a pressed card cannot be written.
3. Each turn makes new credentials and asks for a new token, on the event loop.
4. Each client of the SDK builds a list of retry codes that costs half of a turn's CPU.
5. Sends share a small thread pool with time-outs of 100 seconds; PUT is retried where it must not be.
6. Signing keys are fetched on the event loop without a time-out; an unknown key id is an IndexError.
7. Many forged tokens end in a 500; a token without an end and any tenant are let in.
8. Without an app id there is no authentication at all; an unknown app type means multi-tenant.
9. The body is parsed before the token is looked at.
10. `ConversationAccount.tenant_id` is always None.
11. `Entity` keeps nothing but its type, so citations vanish.
12. Removing the bot's mention removes its name everywhere in the text.
13. Added members are looked up one by one inside the turn.
14. Feedback (`message/submitAction`) is answered 501.
15. `BotState` loses concurrent updates.
16. Conversation ids hold characters that aiohttp would encode again.
17. A channel post has its own shape, and its answer two ids to keep.
"""
