import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'places' }
const index = 'SearchService.index_place'
const find = 'SearchService.search_places'

/** Keys of Elasticsearch's query language and of its answer. */
const elasticsearch =
  'query bool must multi_match fields range price gte lte geo_distance distance lat lon sort _score created_at hits _source'.split(
    ' ',
  )

export const search: Chapter = {
  title: 'Search: SearchService',
  about: 'What is told of a place is kept today, by `PUT /v1/places/{id}`; it cannot be searched yet.',
  rows: [
    value(['class SearchService', 'def SearchService.__init__'], '`/v1/places`', later),
    value(['ES_HOST'], '`ELASTICSEARCH_URL`; without it Postgres searches', later),
    {
      guide: [`def ${index}`],
      here: '`PUT /v1/places/{id}`, or an event of it: indexing follows by itself, the newest version wins',
      jobs: ['places.index-place', 'places.remove-place'],
      fields: 'the place, see [what is read](#what-the-guide-reads)',
      errors: '409 `version-reused`',
      proof: later,
    },
    value([`${index}: id`], '`id`', later),
    value([`${index}: title`], '`title`', later),
    value([`${index}: description`], '`description`', later),
    value([`${index}: price`], '`price_minor`, `currency`', later),
    value([`${index}: location`, `${index}: lat`, `${index}: lon`], '`location` `{lat, lon}`', later),
    value([`${index}: amenities`], '`amenities`, by id, with names in both languages', later),
    value([`${index}: created_at`], '`created_at`', later),
    {
      guide: [`def ${find}`, ...elasticsearch.map(key => `${find}: ${key}`)],
      here: '`GET /v1/places/search?…`; Elasticsearch’s own language stays behind it',
      jobs: [],
      fields: 'answers `{places: [{id, title, …}], next_cursor}`',
      errors: '422 naming the parameter',
      proof: later,
    },
    value([`${find}: text`], '`text`; the title weighs three times the description', later),
    value([`${find}: price_range`], '`min_price_minor`, `max_price_minor`, `currency`', later),
    value([`${find}: location`], '`near=lat,lon`', later),
    value([`${find}: radius`], '`radius_km`', later),
  ],
}
