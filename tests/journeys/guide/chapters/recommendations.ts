import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'recommendations' }

export const recommendations: Chapter = {
  title: 'Recommendations: RecommendationService',
  about: '',
  rows: [
    value(
      ['class RecommendationService', 'def RecommendationService.__init__'],
      'routes of places and of users',
      later,
    ),
    {
      guide: ['def RecommendationService.track_view', 'Redis key user:views'],
      here: '`POST /v1/users/{id}/views`',
      jobs: ['recommendations.refresh-user'],
      fields: '`{place_id}`',
      errors: '404 `user-not-found`',
      proof: later,
    },
    {
      guide: ['def RecommendationService.get_similar_places'],
      here: '`GET /v1/places/{id}/similar`',
      jobs: ['recommendations.rebuild-similar'],
      fields: 'at most 10, in an order that stays, not `random()`',
      errors: '404 `no-such-entity`, where the guide answers an empty list',
      proof: later,
    },
    {
      guide: ['def RecommendationService.get_personalized_recommendations'],
      here: '`GET /v1/users/{id}/recommendations`',
      jobs: ['recommendations.refresh-user'],
      fields: 'at most 20, by the [preferences](#what-the-guide-reads) that are kept today',
      errors: '404 `user-not-found`',
      proof: later,
    },
  ],
}
